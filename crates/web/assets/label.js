// Names for new passkeys.

/** A first name for the passkey: where it most likely lives. */
export function firstLabel(credential) {
  if (credential.authenticatorAttachment === "cross-platform") {
    return credential.response.transports?.includes("hybrid") ? "Phone" : "Security key";
  }
  const platform = `${navigator.userAgentData?.platform ?? ""} ${navigator.userAgent}`;
  const known = [
    [/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Android/, "Android phone"], [/CrOS|Chrome OS|ChromeOS/, "Chromebook"],
    [/Mac/, "Mac"], [/Windows/, "Windows computer"], [/Linux/, "Linux computer"],
  ];
  return known.find(([sign]) => sign.test(platform))?.[1] ?? "Passkey";
}
