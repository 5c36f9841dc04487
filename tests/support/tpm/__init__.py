"""A TPM in software (swtpm), behind the real resource manager and the real libtpm2-pkcs11.

    with plugged_in(label="my laptop") as tpm:
        subprocess.run([...], env={**os.environ, **tpm.environment})

It has one token with an EC P-256 key, object 2. All that runs beside it ends with the test, also
when that is killed.
"""

from tests.support.tpm._plugged_in import MODULE, PIN, Tpm, plugged_in, why_not

__all__ = ["MODULE", "PIN", "Tpm", "plugged_in", "why_not"]
