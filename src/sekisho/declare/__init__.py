"""One holder's terms in every protocol at once: as files for a site, as headers, and inside copies of media files."""
