"""From a recording to a transcript, by a speech recogniser that the user has: streaming, resumable.

gate        where there is a voice at all: recognisers invent words in silence
engines     the recognisers, each loaded when it is asked for
journal     what was recognised so far, so that a stopped run goes on
transcribe  all of it together
align       words that somebody supplied, laid along the sound
"""
