"""Languages of texts, offline: their commonest words, and which one a text reads like."""
