"""Forms: what is asked, read, refused in words and shown again, and how lists are paged."""
