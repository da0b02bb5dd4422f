// SPDX-License-Identifier: Apache-2.0

/// What a message is for. Rules may bind some of these and not others.
public enum Purpose: String, CaseIterable, Sendable, Codable {
    /// Asks for a payment, or announces that one falls due.
    case reminder
    /// A notice that law or contract asks for.
    case notice
    /// Serves the person: a payment arrived, an answer to a question.
    case service
    /// Asks for consent to be contacted.
    case consentRequest = "consent-request"
    /// Confirms that an opt-out was received.
    case optOutConfirmation = "opt-out-confirmation"
    /// Asks somebody else where the person is, and says nothing of a debt.
    case location
    case marketing
}

/// What a recipient is to the debt.
public enum Role: String, CaseIterable, Sendable, Codable {
    case borrower, guarantor, spouse, household, representative, employer, referee, other
}

/// Whoever sends, as laws tell them apart.
public enum Party: String, CaseIterable, Sendable, Codable {
    /// A bank that collects its own loans.
    case bank
    /// Another lender that collects its own loans.
    case lender
    /// An agency that collects for somebody else.
    case collector
    /// Somebody who bought the debt.
    case purchaser
}
