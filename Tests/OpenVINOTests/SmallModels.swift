import OpenVINO

/// Small models, written by hand as IR version 11.
enum SmallModels {
    /// `sum = x + bias`, where `x` is [?, 4] and the bias are the four numbers that the weights begin
    /// with.
    static let add = """
        <net name="add" version="11"><layers>
        <layer id="0" name="x" type="Parameter" version="opset1">
          <data shape="?,4" element_type="f32"/>
          <output><port id="0" precision="FP32" names="x,alias_of_x">
            <dim>-1</dim><dim>4</dim></port></output></layer>
        <layer id="1" name="bias" type="Const" version="opset1">
          <data element_type="f32" shape="4" offset="0" size="16"/>
          <output><port id="0" precision="FP32"><dim>4</dim></port></output></layer>
        <layer id="2" name="add" type="Add" version="opset1">
          <input><port id="0"/><port id="1"/></input>
          <output><port id="2" precision="FP32" names="sum"/></output></layer>
        <layer id="3" name="result" type="Result" version="opset1">
          <input><port id="0"/></input></layer>
        </layers><edges>
        <edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
        <edge from-layer="1" from-port="0" to-layer="2" to-port="1"/>
        <edge from-layer="2" from-port="2" to-layer="3" to-port="0"/>
        </edges></net>
        """

    /// `present = concat(past, new)` along axis 2 and `total`, the sum over that axis: a key-value
    /// cache in small. `past` is [2, 3, ?, 4], `new` is [2, 3, ?, 4]. The weights are the axis, 2.
    static let cache = """
        <net name="cache" version="11"><layers>
        <layer id="0" name="past" type="Parameter" version="opset1">
          <data shape="2,3,?,4" element_type="f32"/>
          <output><port id="0" precision="FP32" names="past"/></output></layer>
        <layer id="1" name="new" type="Parameter" version="opset1">
          <data shape="2,3,?,4" element_type="f32"/>
          <output><port id="0" precision="FP32" names="new"/></output></layer>
        <layer id="2" name="concat" type="Concat" version="opset1"><data axis="2"/>
          <input><port id="0"/><port id="1"/></input>
          <output><port id="2" precision="FP32" names="present"/></output></layer>
        <layer id="3" name="axis" type="Const" version="opset1">
          <data element_type="i64" shape="1" offset="0" size="8"/>
          <output><port id="0" precision="I64"><dim>1</dim></port></output></layer>
        <layer id="4" name="total" type="ReduceSum" version="opset1"><data keep_dims="false"/>
          <input><port id="0"/><port id="1"/></input>
          <output><port id="2" precision="FP32" names="total"/></output></layer>
        <layer id="5" name="r0" type="Result" version="opset1">
          <input><port id="0"/></input></layer>
        <layer id="6" name="r1" type="Result" version="opset1">
          <input><port id="0"/></input></layer>
        </layers><edges>
        <edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
        <edge from-layer="1" from-port="0" to-layer="2" to-port="1"/>
        <edge from-layer="2" from-port="2" to-layer="4" to-port="0"/>
        <edge from-layer="3" from-port="0" to-layer="4" to-port="1"/>
        <edge from-layer="2" from-port="2" to-layer="5" to-port="0"/>
        <edge from-layer="4" from-port="2" to-layer="6" to-port="0"/>
        </edges></net>
        """

    /// A chain of matrix products `x · W · W …` of [n, n], with `W` the weights: work that takes long
    /// enough to be cancelled.
    static func products(size: Int, count: Int) -> String {
        var layers = """
            <layer id="0" name="x" type="Parameter" version="opset1">
              <data shape="\(size),\(size)" element_type="f32"/>
              <output><port id="0" precision="FP32" names="x"/></output></layer>
            <layer id="1" name="w" type="Const" version="opset1">
              <data element_type="f32" shape="\(size),\(size)" offset="0" size="\(size * size * 4)"/>
              <output><port id="0" precision="FP32"/></output></layer>
            """
        var edges = ""
        for index in 0..<count {
            let id = index + 2
            let names = index == count - 1 ? " names=\"y\"" : ""
            layers += """
                <layer id="\(id)" name="product\(index)" type="MatMul" version="opset1">
                  <data transpose_a="false" transpose_b="false"/>
                  <input><port id="0"/><port id="1"/></input>
                  <output><port id="2" precision="FP32"\(names)/></output></layer>
                """
            edges += """
                <edge from-layer="\(index == 0 ? 0 : id - 1)" from-port="\(index == 0 ? 0 : 2)"
                  to-layer="\(id)" to-port="0"/>
                <edge from-layer="1" from-port="0" to-layer="\(id)" to-port="1"/>
                """
        }
        layers += """
            <layer id="\(count + 2)" name="result" type="Result" version="opset1">
              <input><port id="0"/></input></layer>
            """
        edges += """
            <edge from-layer="\(count + 1)" from-port="2" to-layer="\(count + 2)" to-port="0"/>
            """
        return """
            <net name="products" version="11">
            <layers>\(layers)</layers><edges>\(edges)</edges></net>
            """
    }
}

/// A weights tensor of some numbers.
func weights<Element: TensorElement>(_ elements: [Element]) throws -> Tensor {
    let bytes = elements.withUnsafeBytes { Array($0) }
    return try Tensor(bytes, shape: [bytes.count])
}

/// The `add` model on the CPU, exact, with the bias [10, 20, 30, 40].
func compiledAdd(properties: [Property] = []) throws -> CompiledModel {
    let model = try Core.shared.readModel(
        xml: SmallModels.add, weights: weights([10, 20, 30, 40] as [Float]))
    return try Core.shared.compile(
        model, for: "CPU", properties: [.inferencePrecision(.f32)] + properties)
}
