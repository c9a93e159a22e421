"""The pages of a release, each as one HTML file that asks nobody for anything beyond its own folder.

frame       the document: head, policy, header and footer
player      a session: sound, waveform, chapters
words_said  its transcript
answer      a copy that is answered: outcome, drawing, edits
parties     statements side by side
proof       what is proven and what is not
downloads   files, and how to verify them by hand
share       links, embedding
whole       all of these as the page of a release
listing     the list of an outlet's releases
embed       the small player for other people's pages
"""
