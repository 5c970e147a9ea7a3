package iam

import (
	"context"
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/errs"
)

// shortestPassword is in characters. Length is what makes a password strong; no rule asks for signs or digits.
const shortestPassword = 10

var errWeakPassword = errs.Invalid("iam.weak_password", "This password is too easy to guess; see errors.")

// commonPasswordsText lists what guessing begins with, one a line, lower case: passwords, and words that people make
// long enough by digits and signs behind them.
//
//go:embed common_passwords.txt
var commonPasswordsText string

var commonPasswords = sync.OnceValue(func() map[string]bool {
	common := map[string]bool{}
	for line := range strings.Lines(commonPasswordsText) {
		common[strings.TrimSpace(line)] = true
	}
	return common
})

// checkPassword refuses what is guessed first. at is where the password stands, as "body.password".
func checkPassword(username, password, at string) error {
	folded := strings.ToLower(password)
	switch {
	case utf8.RuneCountInString(password) < shortestPassword:
		return errWeakPassword.At(at, "A password has at least 10 characters.")
	case folded == strings.ToLower(username):
		return errWeakPassword.At(at, "The username is no password.")
	case commonPasswords()[folded], commonPasswords()[strings.TrimRight(folded, "0123456789!@#$*.?_-")], repeats(folded):
		return errWeakPassword.At(at, "This is one of the passwords that are guessed first.")
	}
	return nil
}

// repeats tells whether a text is one short part again and again: aaaaaaaaaa, 1212121212, abcabcabcabc.
func repeats(text string) bool {
	for length := 1; length <= 3; length++ {
		if len(text) > length && strings.HasPrefix(strings.Repeat(text[:length], len(text)/length+1), text) {
			return true
		}
	}
	return false
}

// CheckCredentials refuses a username or password that a new account may not have. at names where both stand, as
// "body.admin".
func (m *Module) CheckCredentials(username, password, at string) error {
	return checkCredentials(username, password, at)
}

func checkCredentials(username, password, at string) error {
	if !usernameShape.MatchString(username) {
		return errInvalid.At(at+".username", "A username is 1 to 64 letters, digits and . _ @ + -, and begins with a letter or digit.")
	}
	return checkPassword(username, password, at+".password")
}

// newPasswordHash checks a new account's username and password and gives the hash. It takes about 55 ms: never within
// a transaction.
func newPasswordHash(ctx context.Context, username, password, at string) (string, error) {
	if err := checkCredentials(username, password, at); err != nil {
		return "", err
	}
	return auth.HashPassword(ctx, password)
}
