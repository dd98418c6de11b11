"""What each page is given: one frozen class per template, by reader, and the frame around all of them.

A template uses exactly the names of its class, `frame`, and the words of pages.py; a test compares them. `forms` says
that the page has ordinary forms, which decides its Content-Security-Policy (headers.py).
"""
