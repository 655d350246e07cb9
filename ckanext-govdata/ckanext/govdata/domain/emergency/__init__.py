"""Emergency publication 应急开放 (Anhui 35): what an event is, what may be done to it, by whom.

``event`` and ``dataset`` say what an event and the data in it are and what stands against them,
``acts`` who may do what, ``verdict.decide`` what follows from an act, or why it may not be.
"""
