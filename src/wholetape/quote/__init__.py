"""Was it said, where, and what stands around it? A published quote against a transcript. Pure; no sound, no files.

parts      a published quote: words, the editor's brackets, ellipses
place      where in a transcript its words stand
diff       word for word, what differs there
context    what stands before and after, and what in it turns the meaning
find       from a quote and a transcript to :class:`wholetape.quotes.QuoteResult`
heard      what listeners confirm, signed
edits      the words inside each edit of a check
article    all quotes of an article, and whom and which occasion it names
"""
