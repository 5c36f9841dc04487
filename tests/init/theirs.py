"""Workflows as a repository made for tuf-on-ci has them."""

_OTHERS = "theupdateframework/tuf-on-ci/actions"
_AT = "662382a8295b89a9d538390ce8b9bb85b207a93d # v0.21.0"

_ISSUE = f"""\
  issue:
    needs: [main]
    if: always()
    runs-on: ubuntu-latest
    steps:
      - uses: {_OTHERS}/update-issue@{_AT}
        with:
          token: ${{{{ secrets.GITHUB_TOKEN }}}}
          success: true
"""

ONLINE_SIGN = f"""\
on:
  schedule:
    - cron: '5 2 * * *'
    - cron: '5 14 * * *'
  push:
    branches: [main]
    paths: ['metadata/**']
jobs:
  main:
    runs-on: ubuntu-latest
    permissions:
      id-token: write
    steps:
      - uses: {_OTHERS}/online-sign@{_AT}
        with:
          token: ${{{{ secrets.GITHUB_TOKEN }}}}
          gcp_workload_identity_provider: projects/1/providers/github
          gcp_service_account: ${{{{ vars.ACCOUNT }}}}
          aws_region: ''
{_ISSUE}"""

PUBLISH = f"""\
on:
  workflow_dispatch:
    inputs:
      ref:
        type: string
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - uses: {_OTHERS}/upload-repository@{_AT}
        with:
          gh_pages: true
          ref: ${{{{ inputs.ref }}}}
          metadata_path: './'
  deploy:
    needs: main
    runs-on: ubuntu-latest
    steps:
      - uses: actions/deploy-pages@cd2ce8fcbc39b97be8ca5fce6e763baed58fa128 # v5.0.0
{_ISSUE}"""

SIGNING_EVENT = f"""\
on:
  push:
    branches: ['sign/**']
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - uses: {_OTHERS}/signing-event@{_AT}
        with:
          token: ${{{{ secrets.TUF_ON_CI_TOKEN || secrets.GITHUB_TOKEN }}}}
"""

TEST = f"""\
on:
  workflow_call:
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - uses: {_OTHERS}/test-repository@{_AT}
"""

FOLDER = ".github/workflows/"


def theirs() -> dict[str, bytes]:
    """Return the files, by path."""
    texts = {
        "online-sign": ONLINE_SIGN,
        "publish": PUBLISH,
        "signing-event": SIGNING_EVENT,
        "test": TEST,
    }
    return {f"{FOLDER}{name}.yml": text.encode() for name, text in texts.items()}
