//go:build race

package packs

const raceDetector = true
