package httpx

import (
	"context"
	"strings"
)

// Language is the locale that the caller of ctx likes to read, the first of its Accept-Language header; empty where it
// named none, and for work of the system. What is said in it falls back to another language by itself, so preferences
// beyond the first are not weighed.
func Language(ctx context.Context) string {
	request, _ := ctx.Value(requestKey{}).(requestFacts)
	return FirstLanguage(request.language)
}

// FirstLanguage is the locale that an Accept-Language header names first; empty for none.
func FirstLanguage(header string) string {
	first, _, _ := strings.Cut(header, ",")
	first, _, _ = strings.Cut(first, ";")
	return strings.TrimSpace(first)
}
