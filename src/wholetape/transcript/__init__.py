"""Transcripts as values, and the formats in which programs exchange them. Pure: bytes in, values out, and back.

model     what a transcript is
native    ``wholetape.transcript/v1``, the format that keeps everything: ``docs/spec/transcript.md``
whisper, whispercpp, webvtt, subrip, ttml, plain     other programs' formats, read and written
formats   which of them a file is in
spoken    a transcript as one run of words, each with its time
"""
