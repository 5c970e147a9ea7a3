package httpx

import (
	"reflect"
	"regexp"
	"strings"
)

var packagePath = regexp.MustCompile(`(?:[\w.\-]+/)*([\w\-]+)\.`)

// schemaName names a type in the OpenAPI document after its module and itself, so that two modules may both have a
// Note: patients.Patient becomes PatientsPatient, Page[patients.Patient] becomes PageOfPatientsPatient.
// A body without a type name is named after the module that is registering and its input.
func (a *API) schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	name := t.Name()
	if name == "" {
		name = capital(a.registering) + hint
	}
	if t.PkgPath() != "" && t.Name() != "" {
		parts := strings.Split(t.PkgPath(), "/")
		if module := parts[len(parts)-1]; module != "httpx" {
			name = capital(module) + name
		}
	}
	name = packagePath.ReplaceAllStringFunc(name, func(path string) string {
		return capital(packagePath.FindStringSubmatch(path)[1])
	})
	name = strings.NewReplacer("[", "Of", "]", "", ",", "And", "·", "").Replace(name)
	return name
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
