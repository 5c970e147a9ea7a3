// Package repertory holds the book in which a homeopath looks symptoms up: rubrics, and how strongly each is known of
// which remedies. It finds rubrics while one types and weighs remedies over the rubrics of a case.
//
//	owns         a tenant's edition: rubrics, remedies, gradings; replaced as a whole by `hm repertory import`
//	tables       repertory.edition, repertory.rubric, repertory.remedy, repertory.grading
//	permissions  repertory.can_read, repertory.can_analyse
//	publishes    repertory.imported.v1
//	listens      to nobody
//	callers      homeopaths over the API, mostly through the rubric grid; the command line imports
//
// A server keeps the editions it was asked for in memory (about 20 MB for Kent's 79,000 rubrics) and asks the database
// at each request whether it still has the newest: PostgreSQL's indexes serve no search by beginnings of words under
// row-level security.
package repertory
