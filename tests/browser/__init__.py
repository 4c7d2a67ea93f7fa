"""What the browser tests share: how to start Chromium, and the page as a person uses it."""
