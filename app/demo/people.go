package demo

// The demo's people are made up: common given and family names of many places, joined at random but the same way
// each time. A few carry scripts and shapes that screens must bear: one word only, very long, right-to-left.
var (
	women = []string{
		"Lakshmi", "Ananya", "Meenakshi", "Fathima", "Kavitha", "Sunita", "Priyanka", "Revathi", "Shabnam", "Gurpreet",
		"Ishwari", "Nandini", "Padmavathi", "Rukmini", "Saraswati", "Tulsi", "Usha", "Vasantha", "Zainab", "Deepika",
		"Bhavani", "Chitra", "Durga", "Geetha", "Harini", "Jayanthi", "Maria", "Wanjiru", "Mei", "Elena",
	}
	men = []string{
		"Arjun", "Srinivas", "Mohammed", "Vijay", "Balasubramanian", "Harpreet", "Joseph", "Karthik", "Lokesh", "Manoj",
		"Naveen", "Om Prakash", "Prabhakar", "Rajesh", "Sanjay", "Thomas", "Umesh", "Venkatesh", "Yusuf", "Anand",
		"Bijoy", "Chandrasekhar", "Dinesh", "Ganesh", "Imran", "Jagadish", "Daniel", "Kwame", "Hiroshi", "Pavel",
	}
	familyNames = []string{
		"Iyer", "Sharma", "Reddy", "Khan", "Nair", "Patel", "Singh", "Das", "Mukherjee", "Pillai", "Gowda", "Kulkarni",
		"Chatterjee", "Fernandes", "Joshi", "Kaur", "Menon", "Naidu", "Rao", "Shetty", "Verma", "Yadav", "Banerjee",
		"Deshpande", "Hegde", "Mathew", "Okafor", "Tanaka", "Novak", "Garcia",
	}
	unusualNames = []string{
		"लक्ष्मी देवी", "முருகன் சுப்பிரமணியம்", "فاطمہ بیگم", "Muthulakshmi", "Venkata Satyanarayana Subrahmanya Raju Bhupathiraju",
		"Siddharth D'Souza", "Nguyễn Thị Hương", "O'Brien Padraig", "王小明", "Baby of Sunita Verma",
	}
	reasons = []string{
		"Fever for three days", "Cough and cold", "Follow-up of blood pressure", "Pain in the lower back", "Review of diabetes",
		"Headache", "Stomach pain after meals", "Skin rash on both arms", "Breathlessness on climbing stairs", "Knee pain",
		"Routine antenatal visit", "Sore throat", "Giddiness in the morning", "Burning on passing urine", "Fitness certificate",
	}
	diagnoses = []string{
		"Acute upper respiratory infection", "Essential hypertension", "Type 2 diabetes mellitus", "Mechanical low back pain",
		"Tension-type headache", "Gastritis", "Contact dermatitis", "Osteoarthritis of the knee", "Acute pharyngitis", "Viral fever",
	}
	advice = []string{
		"Plenty of fluids and rest; come back if the fever lasts beyond three days.",
		"Low-salt diet, a brisk walk every day, medicines as before.",
		"Warm compress twice a day; avoid lifting weights.",
		"Small meals, no late dinners; come back with the reports.",
	}
)
