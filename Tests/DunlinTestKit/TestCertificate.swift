// SPDX-License-Identifier: Apache-2.0

/// A certificate such as gateways sign callbacks with: made with Python's cryptography, of a key that opens nothing, valid from 2026
/// to 2035.
public enum TestCertificate {
    public static let address =
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"

    public static let pem = """
        -----BEGIN CERTIFICATE-----
        MIIC0zCCAbugAwIBAgIBATANBgkqhkiG9w0BAQsFADAcMRowGAYDVQQDDBFzbnMu
        YW1hem9uYXdzLmNvbTAeFw0yNjAxMDEwMDAwMDBaFw0zNjAxMDEwMDAwMDBaMBwx
        GjAYBgNVBAMMEXNucy5hbWF6b25hd3MuY29tMIIBIjANBgkqhkiG9w0BAQEFAAOC
        AQ8AMIIBCgKCAQEAxLQc6r2fDRADJgFnyooo6JKA+QV7KlRhzkYQNWj4ta7QgZsv
        ySl1mjCC0MkdyTnGuhnXPhg05kV2iVZES7wfkb33PX+dhqNduRqE3Uu8i6am/3EF
        RKggkMjLWZEd+Q0oZ6chJPuFYMorJXtqcEbgOL04lUqKzqvfQeelX+YzruR+yBty
        JFLdtuhN1kkoY0bUbim5lPQpA3X5iAsnhB0Kgog+mGSqIWwaC5BD+6Tn/oXb1gDI
        osaXxz1ZW7TwGYRhnBSmHz9uQwG9eGtXHR2N4SV1HomU311kmhBRwVKr/4q6kg9t
        fkAq9/PcqonSSaCF+uke+c5qVQ46/5ugQexSDwIDAQABoyAwHjAcBgNVHREEFTAT
        ghFzbnMuYW1hem9uYXdzLmNvbTANBgkqhkiG9w0BAQsFAAOCAQEAi/Jw5F/4N4oz
        vayEKLVLHqc80b8CuC6K4p2KzN9U9GY8glT0CssDdvFA+Bce7BHdvGeXtPIQjDNO
        aZM5x+ZSPPSh/G3F2aH3w6Gf2wLQBGfNjICMorPU6BxSqBuOtnJEzGY3svCZrICN
        V/7VwvkaZttc8PT+HMjfbDz2UQb5S8lYE636DXcVGYH2ABya0/aJGgMMP4a12C+G
        8euUaxKHvkvNQ4ZTSAJDC6Lva4jL+E/k2gpeB/RKvZ5sucb8O2cb2pPXk1CU5FUc
        BZ/S/r9bxMW1Izov/t6uFMrwpyoVBVCjJTUTMU35mdzpCPf6a9LCNTAFflqSRSej
        TUWO9ZvmlA==
        -----END CERTIFICATE-----
        """
}
