package iam

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"image/png"

	"github.com/google/uuid"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

var (
	errOTPEnrolled    = errs.Conflict("auth.totp_enrolled", "An authenticator app is enrolled already. Disable it first.")
	errOTPNotEnrolled = errs.Conflict("auth.totp_not_enrolled", "No authenticator app is being enrolled. Start first.")
)

// otpPeriod is how long a code lasts, in seconds, after RFC 6238 as every authenticator app has it.
const otpPeriod = 30

var otpOptions = hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

func newSeal(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // a derived key always has 32 bytes
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return seal
}

// sealOTP binds the secret to its user, so that a row copied onto another account is of no use.
func (m *Module) sealOTP(userID uuid.UUID, secret string) []byte {
	nonce := make([]byte, m.otpSeal.NonceSize())
	rand.Read(nonce)
	return m.otpSeal.Seal(nonce, nonce, []byte(secret), userID[:])
}

func (m *Module) openOTP(userID uuid.UUID, sealed []byte) (string, error) {
	size := m.otpSeal.NonceSize()
	if len(sealed) < size {
		return "", errors.New("iam: a one-time password secret is too short")
	}
	secret, err := m.otpSeal.Open(nil, sealed[:size], sealed[size:], userID[:])
	if err != nil {
		return "", fmt.Errorf("iam: the one-time password secret of %s cannot be opened: %w", userID, err)
	}
	return string(secret), nil
}

// matchOTP gives the step of a code that is right now, or was 30 seconds ago, or will be then: clocks differ. Whether
// it was used before is AcceptOTP's to say.
func (m *Module) matchOTP(user iamdb.IamUserAccount, code string) (step int64, ok bool, err error) {
	secret, err := m.openOTP(user.ID, user.OtpSecret)
	if err != nil {
		return 0, false, err
	}
	current := m.clock.Now().Unix() / otpPeriod
	for _, at := range []int64{current, current - 1, current + 1} {
		right, err := hotp.GenerateCodeCustom(secret, uint64(at), otpOptions) //nolint:gosec // after 1970
		if err != nil {
			return 0, false, err
		}
		if subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 {
			return at, true, nil
		}
	}
	return 0, false, nil
}

// OTPEnrolment is what an authenticator app needs to know, shown once.
type OTPEnrolment struct {
	Secret string `json:"secret" doc:"To type into the app by hand"`
	URI    string `json:"uri" doc:"otpauth:// address of the same"`
	QR     string `json:"qr" doc:"The address as a QR code, a data: URL of a PNG"`
}

// StartOTP begins to enrol an authenticator app. It asks for the password: who found an unlocked screen must not
// lock its owner out. Until confirmed it changes nothing about signing in.
func (m *Module) StartOTP(ctx context.Context, password string) (OTPEnrolment, error) {
	user, taken, err := m.reauthenticate(ctx, password, "body.password")
	if err != nil {
		return OTPEnrolment{}, err
	}
	if user.OtpConfirmedAt != nil {
		return OTPEnrolment{}, m.noFailure(ctx, taken, errOTPEnrolled)
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "HM", AccountName: user.Username, Period: otpPeriod})
	if err != nil {
		return OTPEnrolment{}, err
	}
	picture, err := key.Image(240, 240)
	if err != nil {
		return OTPEnrolment{}, err
	}
	var qr bytes.Buffer
	if err := png.Encode(&qr, picture); err != nil {
		return OTPEnrolment{}, err
	}
	err = m.pool.InTx(ctx, func(tx db.Tx) error {
		queries := iamdb.New(tx)
		now, err := queries.LockAccount(ctx, user.ID)
		if err != nil {
			return err
		}
		if now.OtpConfirmedAt != nil {
			return errOTPEnrolled
		}
		if err := m.forget(ctx, tx, taken); err != nil {
			return err
		}
		return queries.SetOTPSecret(ctx, iamdb.SetOTPSecretParams{ID: user.ID, OtpSecret: m.sealOTP(user.ID, key.Secret()), Now: tx.Now()})
	})
	return OTPEnrolment{
		Secret: key.Secret(), URI: key.URL(), QR: "data:image/png;base64," + base64.StdEncoding.EncodeToString(qr.Bytes()),
	}, err
}

// ConfirmOTP switches the second factor on, once the app has shown a right code.
func (m *Module) ConfirmOTP(ctx context.Context, tx db.Tx, in ConfirmOTPInput) (OTPStatus, error) {
	queries := iamdb.New(tx)
	user, err := queries.LockAccount(ctx, auth.From(ctx).UserID)
	switch {
	case err != nil:
		return OTPStatus{}, err
	case user.OtpConfirmedAt != nil:
		return OTPStatus{}, errOTPEnrolled
	case user.OtpSecret == nil:
		return OTPStatus{}, errOTPNotEnrolled
	}
	step, ok, err := m.matchOTP(user, in.Body.OTP)
	if err != nil {
		return OTPStatus{}, err
	}
	if !ok {
		return OTPStatus{}, errInvalid.At("body.otp", "This code is not right. Check that the phone's clock is.")
	}
	now := tx.Now()
	if err := queries.ConfirmOTP(ctx, iamdb.ConfirmOTPParams{ID: user.ID, Now: &now, Step: step}); err != nil {
		return OTPStatus{}, err
	}
	return OTPStatus{Enrolled: true}, m.tellOpen(ctx, tx, user.ID, acting(ctx), iamapi.OTPChanged{UserID: user.ID, Enabled: true})
}

// ConfirmOTPInput is the first code of a newly enrolled app.
type ConfirmOTPInput struct {
	Body struct {
		OTP string `json:"otp" minLength:"6" maxLength:"6"`
	}
}

// OTPStatus tells whether the user's sign-in asks for a code.
type OTPStatus struct {
	Enrolled bool `json:"enrolled"`
}

// OTPStatus of the caller.
func (m *Module) OTPStatus(ctx context.Context, q db.DBTX, _ struct{}) (OTPStatus, error) {
	confirmed, err := iamdb.New(q).OTPEnrolled(ctx, auth.From(ctx).UserID)
	return OTPStatus{Enrolled: confirmed}, err
}

// DisableOTP switches the second factor off, with both factors.
func (m *Module) DisableOTP(ctx context.Context, password, code string) error {
	user, taken, err := m.reauthenticate(ctx, password, "body.password")
	if err != nil {
		return err
	}
	if user.OtpConfirmedAt == nil {
		return m.noFailure(ctx, taken, errOTPNotEnrolled)
	}
	step, ok, err := m.matchOTP(user, code)
	if err != nil {
		return err
	}
	wrong := errInvalid.At("body.otp", "This code is not right, or it was used already.")
	if !ok {
		return wrong
	}
	return m.pool.InTx(ctx, func(tx db.Tx) error {
		queries := iamdb.New(tx)
		accepted, err := queries.AcceptOTP(ctx, iamdb.AcceptOTPParams{ID: user.ID, Step: step})
		if err != nil {
			return err
		}
		if accepted == 0 {
			return wrong
		}
		if err := m.forget(ctx, tx, taken); err != nil {
			return err
		}
		if err := queries.RemoveOTP(ctx, iamdb.RemoveOTPParams{ID: user.ID, Now: tx.Now()}); err != nil {
			return err
		}
		return m.tellOpen(ctx, tx, user.ID, acting(ctx), iamapi.OTPChanged{UserID: user.ID})
	})
}
