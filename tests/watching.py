"""A real Chromium with the network closed: what a page asks of anyone but its own server is recorded and refused."""

import urllib.parse
from contextlib import contextmanager

MISSING_PAGE = "the server responded with a status of 4"  # Chromium's own line about a 4xx answer


@contextmanager
def watched(browser, site, language="zh", width=1440, **options):
    """A tab whose every complaint and every request to others fails the test at its end."""
    context = browser.new_context(
        viewport={"width": width, "height": 1000}, locale="zh-CN" if language == "zh" else "en-GB", **options
    )
    context.set_default_timeout(20_000)
    outside, complaints = [], []

    def pass_or_refuse(route):
        host = urllib.parse.urlsplit(route.request.url)
        if host.scheme in ("data", "blob") or f"{host.scheme}://{host.netloc}" == site:
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    context.route("**/*", pass_or_refuse)
    tab = context.new_page()
    tab.on("console", lambda line: line.type in ("error", "warning") and complaints.append(line.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    yield tab
    context.close()
    assert outside == []
    assert [line for line in complaints if MISSING_PAGE not in line] == []
