"""What stands before CKAN in each web process: kept answers, streams, and who is sent away.

Pages and data of emergencies are answered from memory on the event loop, so they do not wait
for a thread; everything else goes to CKAN's WSGI application. Not a slice: see ``asgi.py``.
"""
