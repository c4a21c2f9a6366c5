import Domain

/// A page that was asked for by number and size, checked.
struct Paging: Sendable {
    let page: Int
    let size: Int

    /// - Throws: `badRequest` for a page 0 and sizes that are too large.
    init(
        _ page: Int?,
        _ size: Int?,
        usualSize: Int,
        _ settings: ManagementSettings,
        sizeName: String = "page_size"
    ) throws(GatewayError) {
        self.page = page ?? 1
        self.size = size ?? min(usualSize, settings.largestPage)
        guard (1...1_000_000).contains(self.page) else {
            throw .invalid("'page': must be from 1 to 1000000", param: "page")
        }
        guard (1...settings.largestPage).contains(self.size) else {
            throw .invalid("'\(sizeName)': must be from 1 to \(settings.largestPage)", param: sizeName)
        }
    }

    func pages(_ total: Int) -> Int { PageRequest.pages(total, self.size) }

    /// The page of a list that is there whole.
    func page<Element>(of elements: [Element]) -> Page<Element> {
        let start = min(elements.count, (self.page - 1) * self.size)
        return Page(items: Array(elements[start..<min(elements.count, start + self.size)]), total: elements.count)
    }
}
