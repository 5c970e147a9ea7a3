package lab

import "hmsoftware.com/hm/kit/errs"

// What the laboratory refuses. The codes are the contract; see docs of the operations.
var (
	errItemNotFound         = errs.NotFound("lab.item_not_found", "There is no such test.")
	errSampleNotFound       = errs.NotFound("lab.sample_not_found", "There is no such sample.")
	errResultNotFound       = errs.NotFound("lab.result_not_found", "There is no such result.")
	errItemNotOpen          = errs.Conflict("lab.item_not_open", "This test was cancelled or is done: the laboratory does nothing more for it.")
	errAlreadyCollected     = errs.Conflict("lab.already_collected", "There is a sample for this test already.")
	errBarcodeTaken         = errs.Conflict("lab.barcode_taken", "Another sample of this facility has this barcode.")
	errIllegalTransition    = errs.Conflict("lab.illegal_transition", "A sample or result of this status cannot make this move.")
	errResultsEntered       = errs.Conflict("lab.results_entered", "A result of this sample was verified: correct the result instead.")
	errTestsWaiting         = errs.Conflict("lab.tests_waiting", "Tests of this sample have no result yet: enter them, or reject the sample.")
	errResultUnreleased     = errs.Conflict("lab.result_unreleased", "A result was entered and is not released: verify and release it first, or reject its sample.")
	errSampleNotReceived    = errs.Conflict("lab.sample_not_received", "The laboratory has not received a sample for this test.")
	errNotLatest            = errs.Conflict("lab.result_not_latest", "A later version supersedes this result.")
	errResultChanged        = errs.Conflict("lab.result_changed", "A later version was entered since you looked; latest_version is its number.")
	errPersonChanged        = errs.Conflict("lab.person_changed", "The patient's sex or date of birth was put right since this was entered: enter it again, so that it is judged by what holds.")
	errVerificationRequired = errs.Conflict("lab.verification_required", "A result is verified before it is released.")
	errFourEyes             = errs.Conflict("lab.four_eyes", "Here somebody else verifies than the one who entered it.")
	errHeld                 = errs.Conflict("lab.quality_control_held", "Quality control holds back what was measured; held says which analytes.")
	errChanged              = errs.Conflict("lab.changed", "Somebody else changed this just now. Look at it again.")

	errNoticeRequired      = errs.Invalid("lab.critical_notice_required", "A critical value is told to somebody who reads it back: send critical_notice with notified_to and read_back true.")
	errSpecimenMismatch    = errs.Invalid("lab.specimen_mismatch", "These tests do not go into one tube: their specimens or containers differ.")
	errDifferentEncounters = errs.Invalid("lab.different_encounters", "These tests are of different encounters.")
	errInvalid             = errs.Invalid("lab.invalid", "The request has faults; see errors.")
)

// errNoWords refuses what is blank only, in whatever script: a pattern knows the blanks of ASCII alone.
func errNoWords(location string) error {
	return errInvalid.At(location, "Must have words, not blanks only.")
}
