package load

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/patients"
)

// Common given and family names, joined at random: the people are made up. Half of the names are Indian.
var (
	indianWomen = strings.Fields(`Lakshmi Priya Sunita Anita Geetha Selvi Pooja Meena Kavita Harpreet Gurpreet Ayesha Neha Sneha Divya Parvati Saraswati
		Tamilselvi Bhavani Indira Aishwarya Noor Razia Shabnam Jyoti Asha Usha Rekha Hema Sushma Jaya Radha Sita Gita Fathima Padmavathi Rukmini Nandini
		Meenakshi Revathi Vasantha Chitra Durga Harini Jayanthi Deepika Zainab Shanti Kamala Savitri Manjula Sudha Latha Vijayalakshmi Ananya Ishwari`)
	indianMen = strings.Fields(`Ravi Suresh Ramesh Mohammed Vijay Srinivas Karthik Murugan Deepak Rahul Sanjay Rajesh Mahesh Ganesh Abdul Imran Amit
		Nikhil Arjun Shankar Venkatesh Balaji Senthil Kumaran Chandra Jagdish Omprakash Siddharth Akshay Zubair Yusuf Salim Devendra Narendra Mahendra
		Surendra Balasubramanian Chandrasekhar Dinesh Harpreet Lokesh Manoj Naveen Prabhakar Umesh Anand Bijoy Gopal Krishnan Raghunath Subramaniam Irfan`)
	indianFamilies = strings.Fields(`Kumar Sharma Singh Patel Reddy Rao Nair Iyer Iyengar Pillai Menon Das Bose Mukherjee Chatterjee Banerjee Khan
		Ahmed Ansari Sheikh Gupta Agarwal Jain Shah Mehta Desai Joshi Kulkarni Deshpande Patil Yadav Verma Mishra Tiwari Pandey Chaudhary Kaur Gill Sandhu
		Fernandes DSouza Kurien Mathew Krishnan Raman Natarajan Venkataraman Swaminathan Balasubramaniam Naidu Gowda Shetty Hegde Kamath Bhat Devi Bai`)
	otherWomen = strings.Fields(`Mary Catherine Sarah Elena Maria Grace Wanjiru Mei Hiroko Amina Ingrid Sofia Isabella Chloe Emma Olivia Fatou Ngozi
		Linh Thuy Sakura Yuki Anna Katarzyna Olga Irina Lucia Carmen Beatriz Leila Nadia Zeynep Aylin Rosa Ines Marta Freya Astrid Nia Adaeze Chiara Giulia`)
	otherMen = strings.Fields(`Joseph Thomas Philip John David Daniel Kwame Hiroshi Pavel Ahmed Omar Liam Noah Mateo Diego Carlos Juan Pedro Lars Sven
		Erik Tomasz Piotr Ivan Dmitri Kenji Takeshi Wei Jun Minh Duc Chidi Emeka Tunde Mehmet Emre Luca Marco Pierre Antoine Hans Peter Samuel Isaac`)
	otherFamilies = strings.Fields(`Okafor Tanaka Novak Garcia Wong Smith Johnson Williams Brown Jones Miller Davis Martinez Lopez Gonzalez Rossi Russo
		Ferrari Schmidt Weber Fischer Nguyen Tran Pham Kim Park Choi Sato Suzuki Takahashi Ivanova Petrov Kowalski Nowak Andersen Johansson Mensah Abiola
		Mwangi Otieno Haddad Nasser Yilmaz Demir Dubois Laurent Santos Oliveira Silva Murphy OBrien Kelly Walker Wright Chen Li Zhang Hernandez`)
	unusualNames = []string{
		"लक्ष्मी देवी", "முருகன் சுப்பிரமணியம்", "فاطمہ بیگم", "Muthulakshmi", "Venkata Satyanarayana Subrahmanya Raju Bhupathiraju",
		"Siddharth D'Souza", "Nguyễn Thị Hương", "O'Brien Padraig", "王小明", "Baby of Sunita Verma",
	}
	streets = []string{"Temple Road", "Station Road", "Gandhi Nagar", "Lake View Street", "Market Lane", "Church Street", "Second Cross", "Hill Road"}
	towns   = []string{"Mysuru", "Kochi", "Chennai", "Pune", "Kolkata", "Jaipur", "Lucknow", "Nagpur", "Bengaluru", "Hyderabad"}
	groups  = []string{"A+", "B+", "O+", "AB+", "A-", "B-", "O-", "AB-"}
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// unevenly picks what stands first far more often, as names are given.
func unevenly(r *rand.Rand, list []string) string {
	return list[int(float64(len(list))*r.Float64()*r.Float64())]
}

// person makes what is said of a new patient at the desk on a day, and the name's origin.
func person(r *rand.Rand, today clock.Date) patients.RegisterInput {
	var in patients.RegisterInput
	women, men, families := otherWomen, otherMen, otherFamilies
	if r.IntN(2) == 0 {
		women, men, families = indianWomen, indianMen, indianFamilies
	}
	given := men
	in.Body.Gender = "male"
	switch r.IntN(200) {
	case 0:
		in.Body.Gender = "other"
	case 1:
		in.Body.Gender = "unknown"
	default:
		if r.IntN(2) == 0 {
			in.Body.Gender, given = "female", women
		}
	}
	in.Body.FullName = unevenly(r, given) + " " + unevenly(r, families)
	switch n := r.IntN(1000); {
	case n < 10:
		in.Body.FullName = pick(r, unusualNames)
	case n < 150:
		in.Body.FullName = unevenly(r, given) + " " + in.Body.FullName
	case n < 200:
		in.Body.FullName = spelt(r, in.Body.FullName)
	}
	born := today.AddDays(-r.IntN(85 * 365))
	in.Body.DateOfBirth = httpx.Some(born)
	if r.IntN(4) == 0 {
		in.Body.BirthDateEstimated = httpx.Some(true)
	}
	if r.IntN(20) > 0 {
		in.Body.Phone = httpx.Some(fmt.Sprintf("+91 %d%04d %05d", 6+r.IntN(4), r.IntN(10_000), r.IntN(100_000)))
	}
	if r.IntN(3) == 0 {
		in.Body.Address = httpx.Some(fmt.Sprintf("%d %s, %s", 1+r.IntN(300), pick(r, streets), pick(r, towns)))
	}
	if r.IntN(3) == 0 {
		in.Body.BloodGroup = httpx.Some(unevenly(r, groups))
	}
	return in
}

// spelt is a name as a hurried desk writes it.
func spelt(r *rand.Rand, name string) string {
	if r.IntN(2) == 0 {
		return strings.NewReplacer("ksh", "x", "sh", "s", "ee", "i", "v", "w", "th", "t").Replace(name)
	}
	letters := []rune(name)
	at := 1 + r.IntN(len(letters)-2)
	return string(letters[:at]) + string(letters[at+1:])
}
