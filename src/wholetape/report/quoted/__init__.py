"""Reports of a quote: for a terminal, a browser, another program. Pure functions of a ``QuoteResult``."""
