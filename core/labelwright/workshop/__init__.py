"""Where plugins are made: a folder with a plugin's sources, and a server that follows its changes."""
