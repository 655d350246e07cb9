"""Who sends a request again under its key has its act once, and the first answer again."""
