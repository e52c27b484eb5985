package import BLIP
package import BlipCommandSupport
import OpenVINO

/// Measures, and prints each table when it is full.
package struct Benchmark {
    let subject: BenchSubject
    let machine: Machine
    /// What was measured so far.
    private(set) var measured: [MeasuredTable] = []

    private let tables: [BenchTable]
    private let json: Bool
    private let firstLoad: [BenchRow]
    private var memory: [BenchRow]
    private var bar: ProgressBar

    /// Loads the model, which is the first that is measured.
    package init(
        _ chosen: ChosenModel, options: RuntimeOptions, pictures: BenchPictures,
        json: Bool, plan makePlan: (BlipModel) throws -> BenchPlan
    ) async throws {
        let loadAverage = LoadAverage.lastMinute
        if Terminal.showsProgress { Terminal.overwriteLine("loading \(chosen.name) …") }
        var memory = [BenchRow("before loading", [Memory.resident], .megabytes)]
        let loaded = try await BenchSubject.load(chosen.location, options)
        memory.append(BenchRow("after loading", [Memory.resident], .megabytes))
        let plan = try makePlan(loaded.model)
        subject = BenchSubject(
            folder: chosen.location, options: options, model: loaded.model, pictures: pictures,
            plan: plan)
        let first = try await subject.infer(with: loaded.model).total
        memory.append(BenchRow("after the first inference", [Memory.resident], .megabytes))
        memory.append(BenchRow("peak until then", [max(Memory.peak, Memory.resident)], .megabytes))
        self.memory = memory
        var load = BenchRow("first load", [loaded.read + loaded.compile])
        load.fromCache = loaded.fromCache
        firstLoad = [load, BenchRow("first inference", [first])]
        machine = Machine(
            model: chosen.title, options: options, compilations: await loaded.model.compilations(),
            core: try Core.shared, loadAverage: loadAverage, batch: loaded.model.batchSize)
        tables = Self.tables(plan, loaded.model.tasks, hasThreads: machine.runsOn == "CPU")
        self.json = json
        bar = ProgressBar(total: tables.reduce(0) { $0 + $1.steps.count })
    }

    private static func tables(
        _ plan: BenchPlan, _ tasks: Set<BlipTask>, hasThreads: Bool
    ) -> [BenchTable] {
        var tables = [BenchTable.load]
        if tasks.contains(.caption) { tables.append(.caption(plan)) }
        if tasks.contains(.answer) { tables.append(.answer) }
        if tasks.contains(.match) { tables.append(.match) }
        tables.append(.batch(plan, tasks))
        if tasks.contains(.caption) { tables += [.length(plan), .beams(plan)] }
        if tasks.contains(.answer) { tables.append(.questions(plan)) }
        tables.append(.pictureSize(plan))
        if hasThreads { tables.append(.cores(plan, tasks)) }
        return tables
    }

    package mutating func run() async throws {
        try show(machine)
        for table in tables {
            var rows = table.key == "load" ? firstLoad.map(table.complete) : []
            for step in table.steps {
                try Task.checkCancellation()
                rows += try await table.rows(of: step, subject)
                bar.advance()
            }
            if table.series != nil { rows = Self.byMeasure(rows) }
            try show(MeasuredTable(table: table, rows: rows))
        }
        memory.append(BenchRow("peak of all", [max(Memory.peak, Memory.resident)], .megabytes))
        // What the system does not tell is left out.
        let known = memory.filter { $0.spread.median > 0 }.map(BenchTable.memory.complete)
        try show(MeasuredTable(table: .memory, rows: known))
        for sentence in disturbances {
            if json {
                try Terminal.print(jsonLine(Warning(text: sentence)))
            } else {
                Terminal.note("\nNote: \(sentence)")
            }
        }
    }

    private struct Warning: Encodable {
        let table = "warning"
        let text: String
    }

    /// Each measure's rows together, as a series is read.
    private static func byMeasure(_ rows: [BenchRow]) -> [BenchRow] {
        var names: [String] = []
        for row in rows where !names.contains(row.measure) { names.append(row.measure) }
        return names.flatMap { name in rows.filter { $0.measure == name } }
    }

    private func show(_ machine: Machine) throws {
        bar.clear()
        if json { return try Terminal.print(jsonLine(machine)) }
        let width = machine.facts.map(\.name.count).max() ?? 0
        for fact in machine.facts {
            let padding = String(repeating: " ", count: width - fact.name.count)
            try Terminal.print("\(fact.name)\(padding)  \(fact.value)")
        }
    }

    private mutating func show(_ table: MeasuredTable) throws {
        measured.append(table)
        bar.clear()
        if json {
            for row in table.rows { try Terminal.print(jsonLine(row)) }
        } else {
            try Terminal.print("\n\(table.table.title)")
            for line in table.text.lines { try Terminal.print("  \(line)") }
        }
    }
}
