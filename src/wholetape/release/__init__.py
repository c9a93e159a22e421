"""Release: the record on a page, and the reader's own check of a copy.

model          what a release is, as values
order, gather, sealed, said, prints, answered     put it together, judging everything before anything is published
messages       the interface's words, one catalogue a language
words          findings in these words
page           the pages
checker        the reader's own check, for pages
card, feed, metadata              for networks, feed readers and search engines
site           all of it written into a folder: ``docs/spec/site.md``
"""
