package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestMessagesAreConfigured(t *testing.T) {
	t.Setenv("HM_SMTP_URL", "smtp://hm:hush@mail.example.org:2525")
	t.Setenv("HM_MAIL_FROM", "Asha Hospital <hm@example.org>")
	t.Setenv("HM_SMS_URL", "https://sms.example.org/send")
	t.Setenv("HM_SMS_HEADERS", "Authorization: Bearer hush;Accept: a/b, c/d")
	t.Setenv("HM_SMS_SUCCESS", "200,202")
	t.Setenv("HM_PUBLIC_URL", "https://hm.example.org/")
	serve, err := parse(t)
	if err != nil {
		t.Fatal(err)
	}
	sender, err := serve.Mail()
	if err != nil || sender == nil {
		t.Error(err)
	}
	gateway, err := serve.SMS()
	if err != nil || gateway == nil {
		t.Error(err)
	}
	if len(serve.SMSHeaders) != 2 || serve.SMSHeaders[1] != "Accept: a/b, c/d" || len(serve.SMSSuccess) != 2 || serve.PublicURL != "https://hm.example.org" {
		t.Errorf("it reads %v, %v, %s", len(serve.SMSHeaders), serve.SMSSuccess, serve.PublicURL)
	}
	if text := fmt.Sprintf("%v %+v %#v", serve, serve, serve); strings.Contains(text, "hush") {
		t.Errorf("it prints %s", text)
	}
}

func TestWithoutSettingsThereAreNoMessages(t *testing.T) {
	serve, err := parse(t)
	if err != nil {
		t.Fatal(err)
	}
	sender, err := serve.Mail()
	if sender != nil || err != nil {
		t.Error(sender, err)
	}
	gateway, err := serve.SMS()
	if gateway != nil || err != nil {
		t.Error(gateway, err)
	}
}

func TestHalfAConfigurationIsRefusedWithoutItsSecrets(t *testing.T) {
	for name, m := range map[string]Messages{
		"without HM_MAIL_FROM":      {SMTPURL: "smtp://hm:hush@mail.example.org"},
		"without HM_SMTP_URL":       {MailFrom: "hm@example.org"},
		"smtp:// nor smtps://":      {SMTPURL: "http://hm:hush@mail.example.org", MailFrom: "hm@example.org"},
		"is no address such as":     {SMTPURL: "smtp://hm:hush@mail.example.org", MailFrom: "Asha Hospital"},
		"without HM_SMS_URL":        {SMSBody: "hush"},
		"none such as https://sms":  {SMSURL: "hush"},
		"needs https":               {SMSURL: "http://sms.example.org/?key=hush"},
		"where {text} and {to}":     {SMSURL: "https://sms.example.org/?key=hush", SMSBody: "hush"},
		"is no JSON once":           {SMSURL: "https://sms.example.org", SMSBody: `{"key":"hush","to":{to},"text":"{text}"}`},
		"a header of the SMS":       {SMSURL: "https://sms.example.org", SMSHeaders: []Hidden{"hush"}},
		"none of GET, POST and PUT": {SMSURL: "https://sms.example.org", SMSMethod: "brew"},
	} {
		_, mailErr := m.Mail()
		_, smsErr := m.SMS()
		err := mailErr
		if err == nil {
			err = smsErr
		}
		if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: it says %v", name, err)
		}
	}
	if _, err := parse(t, "--public-url=example.org"); err == nil || !strings.Contains(err.Error(), "https://hm.example.org") {
		t.Errorf("it says %v", err)
	}
}
