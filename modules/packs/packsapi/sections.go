package packsapi

// Section is a bench of the laboratory, as its work is listed and a report is divided.
type Section struct {
	Code  string
	Title Text
}

// Sections lists them in the order in which a report tells them.
func Sections() []Section {
	return []Section{
		{"haematology", Text{"en": "Haematology", "hi": "रुधिर विज्ञान"}},
		{"coagulation", Text{"en": "Coagulation", "hi": "रक्त का थक्का"}},
		{"biochemistry", Text{"en": "Biochemistry", "hi": "जैव रसायन"}},
		{"electrolytes", Text{"en": "Electrolytes", "hi": "इलेक्ट्रोलाइट"}},
		{"blood_gas", Text{"en": "Blood gases", "hi": "रक्त गैस"}},
		{"endocrinology", Text{"en": "Endocrinology", "hi": "अंतःस्राव विज्ञान"}},
		{"immunology", Text{"en": "Immunology", "hi": "प्रतिरक्षा विज्ञान"}},
		{"tumour_markers", Text{"en": "Tumour markers", "hi": "अर्बुद सूचक"}},
		{"drug_monitoring", Text{"en": "Drug levels", "hi": "औषधि स्तर"}},
		{"serology", Text{"en": "Serology", "hi": "सीरम जाँच"}},
		{"microbiology", Text{"en": "Microbiology", "hi": "सूक्ष्मजीव विज्ञान"}},
		{"urinalysis", Text{"en": "Urinalysis", "hi": "मूत्र परीक्षण"}},
		{"blood_bank", Text{"en": "Blood bank", "hi": "रक्त बैंक"}},
	}
}
