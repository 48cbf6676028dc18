"""Writers: one door to each library that writes a format of others."""
