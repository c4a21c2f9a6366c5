import Domain
import NIOCore
import Stores
import Testing
import WireFormats

@testable import Admin

/// Tables for spreadsheets, which run what looks like a formula.
@Suite struct TableTests {
    @Test(
        arguments: [
            ("plain", "plain"), ("=1+1", "'=1+1"), ("+cmd", "'+cmd"), ("-2", "'-2"), ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""), ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            ("", ""), ("a=b", "a=b"),
        ]
    )
    func `a text cell runs nothing and stays one cell`(text: String, cell: String) {
        var table = CSVText(header: ["name"])
        table.append([.text(text), .number(-3)])
        #expect(String(buffer: table.buffer) == "name\r\n\(cell),-3\r\n")
    }

    @Test func `names of clients run nothing in tables of calls and of days`() async throws {
        try await withOffice { office in
            var call = try #require(BookedCalls.all.first { $0.outcome == .success })
            call.caller.userID = "=cmd|' /C calc'!A0"
            call.caller.tags = ["@tag"]
            call.caller.endUserID = "+customer"
            call.errorMessage = "-broken, \"badly\""
            try await office.store.book([call])
            let calls = await office.send(.get, "/spend/logs?format=csv")
            #expect(calls.headers.contains { $0.name == "content-type" && $0.value == "text/csv; charset=utf-8" })
            #expect(calls.headers.contains { $0.name == "content-disposition" })
            for cell in [",'=cmd|' /C calc'!A0,", ",'@tag,", ",'+customer,", ",\"'-broken, \"\"badly\"\"\"\r\n"] {
                #expect(calls.text.contains(cell), "\(cell) in \(calls.text)")
            }
            let days = await office.send(.get, "/tag/daily/activity?format=csv&start_date=\(BookedCalls.firstDay)")
            #expect(days.text.contains(",'@tag,"))
            let customers = await office.send(
                .get,
                "/customer/daily/activity?format=csv&start_date=\(BookedCalls.firstDay)"
            )
            #expect(customers.text.contains(",'+customer,"))
        }
    }

    @Test func `a table holds every call once, with exact amounts`() async throws {
        try await withLedger { office in
            let lines = await office.send(.get, "/spend/logs/v2?format=csv&page_size=5").text.split(separator: "\r\n")
            #expect(lines.first?.hasPrefix("request_id,startTime,endTime,status,") == true)
            let rows = lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
            #expect(rows.map { String($0[0]) } == BookedCalls.ids().map { $0.replacing("call-", with: "client-") })
            let column = LogRow.columns.firstIndex(of: "spend") ?? 0
            let spend = rows.compactMap { NanoDollars(exactly: $0[column]) }.reduce(NanoDollars.zero, +)
            #expect(spend == BookedCalls.spend())
        }
    }
}
