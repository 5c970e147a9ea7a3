package demo

// systems are the facilities of Asha Hospital that practise one medical system each. What is written there is made up,
// as the people are.
var systems = []system{
	{
		pack: "allopathy", code: "GENERAL", name: "Asha General Practice", reception: "Sudha Raman", nurse: "Sister Jincy Varghese", doctor: "Dr. Anil Deshmukh",
		reasons:   []string{"Cough and fever", "Review of blood pressure", "Pain in the chest on coughing", "Swollen ankle"},
		diagnoses: []string{"Community-acquired pneumonia", "Essential hypertension", "Acute bronchitis", "Ankle sprain"},
		advice:    []string{"Fluids and rest; return if breathless.", "Less salt, a walk every day.", "Keep the foot up for two days."},
		nurseRecords: []record{{"vitals", []object{
			{"respiratory_rate": 16, "spo2": 98, "oxygen": "air", "systolic": 124, "diastolic": 78, "pulse": 74, "consciousness": "A", "temperature_c": 36.8},
			{"respiratory_rate": 18, "spo2": 97, "oxygen": "air", "systolic": 118, "diastolic": 74, "pulse": 96, "consciousness": "A", "temperature_c": 38.2},
		}}},
		doctorRecords: []record{{"opd_note", []object{
			{"chief_complaints": []any{object{"complaint": "Cough", "duration": 3, "unit": "d"}, object{"complaint": "Fever"}},
				"diagnoses": []any{object{"description": "Pneumonia", "code": "J18.9", "certainty": "provisional"}}, "plan": "Chest X-ray; amoxicillin for five days"},
			{"chief_complaints": []any{object{"complaint": "Headache", "duration": 1, "unit": "d"}},
				"diagnoses": []any{object{"description": "Essential hypertension", "code": "I10", "certainty": "confirmed"}}, "plan": "Continue; review in four weeks"},
		}}},
	},
	{
		pack: "ayurveda", code: "AYURVEDA", name: "Asha Ayurveda", reception: "Malathi Warrier", nurse: "Sister Bindu Menon", doctor: "Vaidya Keshav Bhatt",
		reasons:   []string{"Stiff joints in the morning", "Heaviness after meals", "Restless sleep", "Dry skin"},
		diagnoses: []string{"Amavata", "Agnimandya", "Anidra", "Vata vriddhi"},
		advice:    []string{"Warm food at regular hours; no curd at night.", "Ginger water before meals.", "Oil on head and feet at bedtime."},
		doctorRecords: []record{{"prakriti_assessment", []object{
			{"body_frame": "V", "skin": "V", "hair": "V", "nails": "V", "appetite": "V", "bowel_habit": "V", "pulse": "V", "sleep": "P", "speech": "P", "memory": "K"},
			{"body_frame": "P", "skin": "P", "hair": "V", "nails": "P", "appetite": "P", "bowel_habit": "P", "pulse": "P", "sleep": "P", "speech": "V", "memory": "K"},
			{"body_frame": "K", "skin": "K", "hair": "K", "nails": "P", "appetite": "K", "bowel_habit": "K", "pulse": "K", "sleep": "K", "speech": "P", "memory": "V"},
		}}},
	},
	{
		pack: "homeopathy", code: "HOMEOPATHY", name: "Asha Homeopathy", reception: "Deepa Sarkar", nurse: "Sister Rina Ghosh", doctor: "Dr. Subrata Mitra",
		reasons:   []string{"Migraine before storms", "Recurrent colds", "Itching at night", "Anxiety before examinations"},
		diagnoses: []string{"Migraine", "Recurrent coryza", "Eczema", "Anticipatory anxiety"},
		advice:    []string{"One dose, then wait; note every change.", "No coffee while the remedy acts.", "Come again in three weeks."},
		doctorRecords: []record{{"case_taking", []object{
			{"complaints": []any{object{"complaint": "Headache", "location": "Right temple", "side": "right", "sensation": "Bursting", "intensity": 4}}, "thermal": "chilly"},
			{"complaints": []any{object{"complaint": "Itching", "location": "Bends of the arms", "side": "both", "intensity": 3, "peculiar": true}}, "thermal": "hot"},
		}}},
	},
	{
		pack: "eye", code: "EYE", name: "Asha Eye Centre", reception: "Prema Naik", nurse: "Sister Usha Kamath", doctor: "Dr. Vikram Sethi",
		reasons:   []string{"Blurred distance vision", "Glare at night", "Spectacles broken", "Watering of the left eye"},
		diagnoses: []string{"Myopia", "Early cataract", "Presbyopia", "Nasolacrimal obstruction"},
		advice:    []string{"New spectacles for distance.", "Review of the lens in six months.", "Warm compress and massage of the sac."},
		nurseRecords: []record{
			{"visual_acuity", []object{
				{"acuity": object{"od": object{"unaided": "6/60", "best_corrected": "6/6"}, "os": object{"unaided": "6/36", "best_corrected": "6/6"}}, "chart": "snellen"},
				{"acuity": object{"od": object{"unaided": "6/12", "best_corrected": "6/9"}, "os": object{"unaided": "6/9"}}, "chart": "snellen"},
			}},
			{"refraction", []object{
				{"subjective": object{"od": object{"sphere": -2.0, "cylinder": -1.5, "axis": 180}, "os": object{"sphere": -1.75, "cylinder": -0.5, "axis": 170}, "pd": 63, "summary": "R -2.00 / -1.50 x 180, L -1.75 / -0.50 x 170"}},
				{"subjective": object{"od": object{"sphere": 1.25}, "os": object{"sphere": 1.0}, "pd": 61, "summary": "R +1.25, L +1.00"}},
			}},
		},
		doctorRecords: []record{{"slit_lamp", []object{
			{"eyes": object{"od": object{"van_herick": 4}, "os": object{"van_herick": 4}}, "diagnosis": "Myopia"},
			{"eyes": object{"od": object{"van_herick": 3, "nuclear_opalescence": 2.0}, "os": object{"van_herick": 3}}, "diagnosis": "Early cataract of the right eye"},
		}}},
	},
	{
		pack: "cardiac", code: "CARDIAC", name: "Asha Heart Centre", reception: "Latha Prabhu", nurse: "Sister Anu Cherian", doctor: "Dr. Hamid Ansari",
		reasons:   []string{"Palpitations", "Breathless on the stairs", "Review after stent", "Chest discomfort on walking"},
		diagnoses: []string{"Paroxysmal palpitations", "Stable angina", "Ischaemic heart disease after stenting", "Hypertensive heart disease"},
		advice:    []string{"Continue the tablets; come at once with pain at rest.", "Walk daily to the point of mild breathlessness.", "Less salt; weigh yourself each morning."},
		nurseRecords: []record{{"ecg_report", []object{
			{"rate": 72, "rhythm": "sinus", "axis": 30, "pr_ms": 160, "qrs_ms": 90, "qt_ms": 390, "interpretation": "Normal tracing"},
			{"rate": 88, "rhythm": "sinus", "axis": -10, "pr_ms": 170, "qrs_ms": 96, "qt_ms": 360, "interpretation": "Sinus rhythm, no acute change"},
		}}},
	},
}
