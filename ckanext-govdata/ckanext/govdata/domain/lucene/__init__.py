"""What a reader may ask of the index: read into a tree, and written anew from that tree alone.

The language is Lucene's classic query syntax as Solr 9 reads it, without what leads out of it:
other parsers, functions, regular expressions, comments. Pieces of it stand in one module each.
"""
