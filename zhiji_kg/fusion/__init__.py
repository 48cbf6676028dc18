"""Two plans side by side: which of their courses teach the same, and a draft of one plan out of both."""
