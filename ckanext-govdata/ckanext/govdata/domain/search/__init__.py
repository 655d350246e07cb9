"""Understanding a query in Chinese: folding, words, pinyin, places, synonyms, and what to ask."""
