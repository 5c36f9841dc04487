// Signs and verifies with sigstore-js: what its users write, in one file. Arguments are JSON.
const { readFileSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const [, , packages, verb, argument] = process.argv;
const load = createRequire(`${packages}/`);
const options = JSON.parse(argument);

async function signingConfig() {
  const { initTUF } = load("@sigstore/tuf");
  const { SigningConfig } = load("@sigstore/protobuf-specs");
  const tuf = await initTUF(options.tuf);
  return SigningConfig.fromJSON(JSON.parse(await tuf.getTarget("signing_config.v0.2.json")));
}

async function sign() {
  const { bundleBuilderFromSigningConfig } = load("@sigstore/sign");
  const { bundleToJSON } = load("@sigstore/bundle");
  const builder = bundleBuilderFromSigningConfig({
    signingConfig: await signingConfig(),
    identityProvider: { getToken: async () => options.token },
    bundleType: options.statement ? "dsseEnvelope" : "messageSignature",
  });
  const artifact = options.statement
    ? { data: readFileSync(options.statement), type: "application/vnd.in-toto+json" }
    : { data: readFileSync(options.artifact) };
  writeFileSync(options.bundle, JSON.stringify(bundleToJSON(await builder.create(artifact))));
}

async function verify() {
  const { verify } = load("sigstore");
  const bundle = JSON.parse(readFileSync(options.bundle));
  const data = bundle.dsseEnvelope ? undefined : readFileSync(options.artifact);
  const wanted = {
    tufMirrorURL: options.tuf.mirrorURL,
    tufRootPath: options.tuf.rootPath,
    tufCachePath: options.tuf.cachePath,
    tufForceCache: options.tuf.forceCache,
    certificateIssuer: options.issuer,
    certificateIdentityEmail: options.identity,
  };
  await (data ? verify(bundle, data, wanted) : verify(bundle, wanted));
}

({ sign, verify })[verb]().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
