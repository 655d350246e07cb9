"""Forms: fields, what people typed, and why something is refused."""
