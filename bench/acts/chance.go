package acts

import "math/rand/v2"

var (
	givenNames  = []string{"Asha", "Ravi", "Lakshmi", "Mohammed", "Fatima", "Arjun", "Meena", "Suresh", "Kavita", "Imran", "Priya", "Joseph", "Maria", "David", "Grace", "Peter"}
	familyNames = []string{"Iyer", "Sharma", "Khan", "Patel", "Reddy", "Nair", "Das", "Singh", "Begum", "Fernandes", "Brown", "Okafor", "Silva", "Muller", "Tan", "Costa"}
)

// newName makes a name that no loaded patient is looked for by.
func newName(random *rand.Rand) string {
	return givenNames[random.IntN(len(givenNames))] + " " + familyNames[random.IntN(len(familyNames))]
}

// Misspell makes the slip of a hand in one word of a name: two letters swapped, one left out or one doubled, never
// the first, which people get right.
func Misspell(random *rand.Rand, name string) string {
	letters := []rune(name)
	var places []int
	for i := 1; i+1 < len(letters); i++ {
		if letters[i-1] != ' ' && letters[i] != ' ' && letters[i+1] != ' ' {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return name
	}
	i := places[random.IntN(len(places))]
	switch random.IntN(3) {
	case 0:
		letters[i], letters[i+1] = letters[i+1], letters[i]
	case 1:
		letters = append(letters[:i], letters[i+1:]...)
	default:
		letters = append(letters[:i+1], letters[i:]...)
	}
	return string(letters)
}
