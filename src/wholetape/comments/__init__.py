"""Comments: plain text, public only once a moderator has approved it, every change in a trail that can be verified.

The pure core is :mod:`states` (who may do what), :mod:`text` (what may be written), :mod:`revisions` and :mod:`replay`
(the trail). :mod:`desk` is the one way to change anything; :mod:`verify` judges what is there.
"""
