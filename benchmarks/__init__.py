"""The speed claims, measured: ``make bench``, or ``python -m benchmarks --help``.

Everything goes over HTTP, as a client sees it, so that another server that speaks this API can be measured beside ours
in one run: ``python -m benchmarks --against http://... --token ...``.
"""
