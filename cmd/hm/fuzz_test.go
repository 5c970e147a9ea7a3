package main

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"hmsoftware.com/hm/kit/testkit"
)

var errHelp = errors.New("help was shown")

// A command line is understood or refused in one line; a facility that is understood has a code and a name. Arguments
// are separated by line breaks.
func FuzzCommandLine(f *testing.F) {
	for _, seed := range []string{
		"", "serve", "serve\n--addr\n:0\n--role\nworker", "serve\n--addr=x", "serve\n--trusted-proxy\n10.0.0.0/8\n--trusted-proxy=x", "serve\n--log-level\nloud", "--help", "serve\n--help", "version\nextra",
		"tenants\ncreate\nasha\nAsha Hospital\n--facility\nMAIN=Main\n--facility\nEAST=\n--admin\na\n--password-stdin", "tenants\ncreate\nasha\nAsha\n--facility==\n--admin\na\n--password-stdin",
		"tenants\ncreate\nasha\nAsha\n--facility\nA=B=C,D=E\n--admin\na\n--password-stdin", "tenants\ncreate\n--\n-a\n-b\n--facility", "seed\ndemo\n--database-url\npostgres://u:p@h/d", "audit\nverify\n--tenant\n\x00",
		"jobs\nlist", "jobs\nretry\n99999999999999999999", "users\ncreate-superuser\n\xff\n--password-stdin", "-h\n-v\n--", "serve\n--data-dir\n ", "serve\n--seed-demo=maybe", "serve\n--data-dir=$HOME\n--database-url=${x}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.Count(line, "\n") > 60 {
			t.Skip()
		}
		var arguments []string
		if line != "" {
			arguments = strings.Split(line, "\n")
		}
		defer func() {
			if fault := recover(); fault != nil && fault != any(errHelp) { //nolint:errorlint // the very value
				panic(fault)
			}
		}()
		testkit.Within(func() {
			parser := newParser(kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) { panic(errHelp) }))
			parsed, err := parser.Parse(arguments)
			if err != nil {
				if said := oneLine(err); said == "" || strings.Contains(said, "\n") || commandOf(err) == "" {
					t.Fatalf("%q is refused with %q", arguments, said)
				}
				return
			}
			if target, ok := parsed.Selected().Target.Interface().(tenantsCreateCommand); ok {
				for _, facility := range target.Facility {
					if code, name, _ := strings.Cut(facility, "="); code == "" || name == "" {
						t.Fatalf("%q is taken for a facility", facility)
					}
				}
			}
		})
	})
}
