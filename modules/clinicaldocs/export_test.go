package clinicaldocs

// MergePatch is tested against the table of its RFC, whose values need not be objects.
var MergePatch = mergePatch

// MaxPayload is the limit of a payload in bytes.
const MaxPayload = maxPayload
