"""The web: the pages of a site, the comments under them, and the desk where they are moderated.

One file a resource, each with ``routes(context)``; :mod:`app` lists them. Templates are rendered on the server, and no
page needs a script.
"""
