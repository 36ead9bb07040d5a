//! What is known about TPA's own formats and commands, in one place.
