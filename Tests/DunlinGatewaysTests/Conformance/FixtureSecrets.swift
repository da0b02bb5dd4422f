// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinTestKit
import Foundation

/// What `{env: NAME}` reads in a fixture. Add here what a new gateway needs; nothing of it opens anything.
enum FixtureSecrets {
    static let environment = [
        "SECRET": "s3cret-key",
        "KEY_ID": "AKIDEXAMPLE",
        "AES_KEY": "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
        "BASE64_KEY": "ZHVubGluLWNvbmZvcm1hbmNlLWtleS0zMi1ieXRlcyE=",
        "WHSEC": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "PEM": pem,
    ]

    /// Reads those, and the definitions under deploy/etc/dunlin as if they were installed.
    static let reader = SecretReader(environment: environment) { path in
        guard path.hasPrefix("/etc/dunlin/gateways/") else { throw CocoaError(.fileNoSuchFile) }
        return Array(try Data(contentsOf: AdapterFixture.repository.appending(path: "deploy" + path)))
    }

    /// The certificate that fixtures are signed with, of the key under `PEM`.
    static let certificates = [TestCertificate.address: SigningCertificate(pem: Array(TestCertificate.pem.utf8))!]

    /// An RSA key of 2048 bits, made for these tests.
    static let pem = """
        -----BEGIN PRIVATE KEY-----
        MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDEtBzqvZ8NEAMm
        AWfKiijokoD5BXsqVGHORhA1aPi1rtCBmy/JKXWaMILQyR3JOca6Gdc+GDTmRXaJ
        VkRLvB+Rvfc9f52Go125GoTdS7yLpqb/cQVEqCCQyMtZkR35DShnpyEk+4Vgyisl
        e2pwRuA4vTiVSorOq99B56Vf5jOu5H7IG3IkUt226E3WSShjRtRuKbmU9CkDdfmI
        CyeEHQqCiD6YZKohbBoLkEP7pOf+hdvWAMiixpfHPVlbtPAZhGGcFKYfP25DAb14
        a1cdHY3hJXUeiZTfXWSaEFHBUqv/irqSD21+QCr389yqidJJoIX66R75zmpVDjr/
        m6BB7FIPAgMBAAECggEAIx/AXCBRAt2dmk8879s80865Tf4vEI9xyYoUQd1FL/gP
        zlzeKw8Gq2pHKa4H7hMti7SqjTF4XLgBoyNu3ZExl+4ydF5RzCVmynNUT0nDWLKA
        9nMBjFFzQzc/rHYvwnWZhey/i+GH3xEqpC5GAtd9GVScgngFkkL5gkSxcI7kIrHl
        RTXSc0U50KtOjFvtkxhq2TTU+kXoB+uPU1n9y8o/7TB1c9qYDhLAGhwSp7+a0g2I
        DKGal+mngWgItpahjmM50Qivop94EBOnKey6cW8CAYFpVxOwldIk2lLe1dqqQ/6m
        5KmsDgYeQ/5GvFOk1ww/B/as2AZ3ewdWTKw5xZh3hQKBgQDqGJbXWPv6rqvPHlXX
        b6lMiwtNdTqhc2URqPZtT+dJQMtZzDYTpAuVUvFgWQPEl5X4oWqVPyiQIMHpy++R
        w/XtGmbbwAoC+FR6dQTbwJa/9moLgxOdF16A5DUdTlKDLZDdycKW5TczjeuxVgt9
        L5y1NLVtljdVgQYFkkhRfOIBNQKBgQDXG9giJeECCEQ2XHS77x69nHIPWM/TPAdX
        OHJzT0e1yMow6Dm/FluagF/e2/4hV6NlorHNi+3B7mXGuPdctwoJh2NrpLz6gr1K
        l2ykjL3bFfXQILoKmuINtl2O+gzP2S+UoSyRIJhBtmNUwqPeD5xzhkxwQsJJIhEK
        Du5t5EjSswKBgQDKJ8/jSenYMo0WAHla4QePnSd2jXzDPdaS6JleDrmJrdWtx0cP
        sQN7wTPG4zf4xnrxSduz5OXPiSpMDxvkghhW2AzpSi6bH/47/d/jMa49ObucE2aV
        qz+mCOzBUQi6VVgb34cWLf18nNtjug2T3tDyPwFKEIXaZeBgYVHoZPL63QKBgQCw
        5m0waAZLLZErQ42coGGffXEvvdHr3YoL6Jf2zFQk4yOkZNZYl4Jt5PTyyeiMcw4l
        H08pwtGckvmQG70RulW+0GCqvafMPIh/N1hZWoUoDz9AEintXsJYlIkMdAblR68h
        hAqqryuHnv7BTfCFRkFboC5sg/pTOnjY1L6wEPTykQKBgCMLRFCMN/4o18ioPYqC
        EA5y9BzCHWCCRBmR81lsnkex7h8Nt0Uy8c6tDUjoiJtsayyBkb+5aQZSaZ/x1CDA
        sK/sKfaeeRXZPgB/vkC9rp7bhKE2yvWKXsFdzjPFXlaTLedZedrBrdlCJ9O0ReCv
        llYL2ZPsr9GnuBWmA+T8XNtU
        -----END PRIVATE KEY-----
        """
}
