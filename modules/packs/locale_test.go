package packs

import "testing"

func TestTheBestLanguageThereIs(t *testing.T) {
	t.Parallel()
	available := []string{"en", "hi", "zh-Hant", "pt-BR"}
	for header, want := range map[string]string{
		"": "en", "hi": "hi", "HI-IN": "hi", "ta,hi;q=0.8": "hi", "en;q=0.5, hi;q=0.9": "hi", "zh": "zh-Hant", "zh-hant-TW": "zh-Hant", "pt-PT": "pt-BR",
		"ta": "en", "*": "en", "hi;q=0": "en", "hi;q=x, pt-BR;q=0.1": "pt-BR", ";;;,,,;q=1": "en", "hi;q=NaN": "en",
	} {
		if got := chooseLocale(header, available); got != want {
			t.Errorf("%q is answered in %s, not %s", header, got, want)
		}
	}
}

func TestDirections(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{"en": "ltr", "ar": "rtl", "ur-PK": "rtl", "pa-Arab": "rtl", "ur-Latn": "ltr", "zh-Hant": "ltr", "": "ltr"} {
		if got := directionOf(locale); got != want {
			t.Errorf("%q runs %s", locale, got)
		}
	}
}
