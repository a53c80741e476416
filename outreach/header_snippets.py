"""Lines for the settings of an ordinary web server, so that the clear page keeps its promises."""

from typing import Final

from outreach.public_site import PublicSite

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
)
"""As the page itself has it; headers can also forbid that another page shows it in a frame."""


def header_snippets(site: PublicSite) -> dict[str, str]:
    """By file name: for nginx, Apache and Caddy."""
    headers = {
        "Onion-Location": site.url,
        "Referrer-Policy": "no-referrer",
        "Content-Security-Policy": f"{CONTENT_SECURITY_POLICY}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    nginx = "".join(f'add_header {name} "{value}" always;\n' for name, value in headers.items())
    apache = "".join(f'Header always set {name} "{value}"\n' for name, value in headers.items())
    caddy = "".join(f'    {name} "{value}"\n' for name, value in headers.items())
    return {
        "nginx.conf": f"# Inside the location of the page. Visits are not logged.\naccess_log off;\n{nginx}",
        "apache.conf": f"# Inside the <Directory> of the page; needs mod_headers.\n{apache}",
        "Caddyfile": f"# Inside the site of the page.\nheader {{\n{caddy}}}\n",
    }
