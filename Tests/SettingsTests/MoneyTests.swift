import Domain
import Testing

/// Decimal spellings become integers exactly.
struct MoneyTests {
    @Test(
        arguments: [
            ("100.0", 100_000_000_000), ("0.1", 100_000_000), ("1e-9", 1), ("-2.50", -2_500_000_000), ("0", 0),
            ("9223372036.854775807", Int64.max), ("-9223372036.854775808", Int64.min), ("1E3", 1_000_000_000_000),
            (".5", 500_000_000), ("5.", 5_000_000_000), ("0.000000001000", 1), ("0e999999999999", 0),
        ] as [(String, Int64)]
    )
    func readsDollars(_ text: String, _ expected: Int64) {
        #expect(NanoDollars(exactly: text)?.value == expected)
    }

    @Test(
        arguments: [
            "", "-", ".", "e5", "1e", "1.2.3", "1_000", " 1", "0x10", "nan", "inf", "9223372036.854775808",
            "1e999999999999999999", "0.0000000001", "1e-400", String(repeating: "9", count: 500),
        ]
    )
    func refusesWhatItCannotHold(_ text: String) {
        #expect(NanoDollars(exactly: text) == nil)
    }

    @Test func roundsPricesHalfToEven() {
        #expect(UnitPrice(rounding: "1.6666666666666667e-08")?.femtoDollars == 16_666_667)
        #expect(UnitPrice(rounding: "2.5e-15")?.femtoDollars == 2)
        #expect(UnitPrice(rounding: "3.5e-15")?.femtoDollars == 4)
        #expect(UnitPrice(rounding: "2.50000001e-15")?.femtoDollars == 3)
        #expect(UnitPrice(rounding: "5e-16")?.femtoDollars == 0)
        #expect(UnitPrice(exactly: "2.5e-15") == nil)
    }

    @Test func writesWithoutExponent() {
        #expect(NanoDollars(12_500_000_000).description == "12.5")
        #expect(NanoDollars(-1).description == "-0.000000001")
        #expect(NanoDollars(Int64.min).description == "-9223372036.854775808")
        #expect(UnitPrice(femtoDollars: 2_500_000_000).description == "0.0000025")
        #expect(NanoDollars.zero.description == "0")
    }

    @Test func addsWithoutTrapping() {
        #expect(NanoDollars(.max) + NanoDollars(1) == NanoDollars(.max))
        #expect(NanoDollars(.min) - NanoDollars(1) == NanoDollars(.min))
    }
}
