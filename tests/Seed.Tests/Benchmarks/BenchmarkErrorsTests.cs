using System.Text.Json.Nodes;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Tests.Benchmarks;

public sealed class BenchmarkErrorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load("flexibert:" + folder.File("absent.json")));
        AssertOneLine(error, folder.File("absent.json"), "there is no such benchmark file");
    }

    [Fact]
    public void A_folder_is_not_a_file() =>
        AssertOneLine(Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load(folder.Path)), folder.Path, "is a directory");

    [Fact]
    public void An_unknown_kind_of_source_gets_the_nearest_name()
    {
        var error = Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load("flexbert:" + folder.File("absent.json")));
        AssertOneLine(error, "'flexbert'", "did you mean flexibert,");
    }

    [Fact]
    public void Malformed_JSON_is_located_by_line_and_position()
    {
        var error = LoadText("[\n  {\"id\": 0,,\n]");
        AssertOneLine(error, "line 2, position 12", "not valid JSON");
    }

    [Fact]
    public void An_empty_file_is_not_valid_JSON() => AssertOneLine(LoadText(""), "line 1", "not valid JSON");

    [Fact]
    public void A_file_that_is_neither_form_says_what_is_expected() => AssertOneLine(LoadText("42"), "$: expected a benchmark", "found 42");

    [Fact]
    public void The_public_form_is_an_array() =>
        AssertOneLine(Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load("flexibert:" + folder.Write("b.json", "{}"))),
            "$: expected an array but found an object");

    [Fact]
    public void A_missing_field_is_named_by_its_path() =>
        AssertOneLine(Load(b => b.Overrides(7).Remove("hidden_size")),
            "$[7].hparams.model_hparam_overrides.hidden_size: is missing; add a whole number");

    [Fact]
    public void A_field_of_the_wrong_type_is_named_by_its_path() =>
        AssertOneLine(Load(b => b.Overrides(7)["hidden_size"] = "128"),
            "$[7].hparams.model_hparam_overrides.hidden_size: expected a whole number", "found the text \"128\"");

    [Theory]
    [InlineData(0)]
    [InlineData(-4)]
    [InlineData(2.5)]
    [InlineData(1e12)]
    public void A_size_is_a_whole_number_above_0(double size) =>
        AssertOneLine(Load(b => b.Layer(3)["feed_forward_dimension"] = size),
            "$[3].hparams.model_hparam_overrides.nas_config.encoder_layers[0].feed_forward_dimension", "a whole number from 1 to 262144");

    [Fact]
    public void An_entry_that_is_no_object_is_named() =>
        AssertOneLine(Load(b => b[4] = 4), "$[4]: expected an object but found 4");

    [Fact]
    public void Null_is_no_value() => AssertOneLine(Load(b => b[4]!["scores"] = null), "$[4].scores: expected an object but found null");

    [Fact]
    public void A_network_needs_a_layer() =>
        AssertOneLine(Load(b => b.Overrides(2)["nas_config"]!["encoder_layers"] = new JsonArray()),
            "$[2].hparams.model_hparam_overrides.nas_config.encoder_layers: is empty");

    [Fact]
    public void An_unknown_operation_gets_the_nearest_names() =>
        AssertOneLine(Load(b => b.Layer(5)["operation_type"] = "DCS"), "$[5].", "unknown operation 'DCS/5'", "did you mean DSC/5");

    [Fact]
    public void The_hidden_size_is_divisible_by_the_heads() =>
        AssertOneLine(Load(b => b.Layer(5)["num_operation_heads"] = 3), "encoder_layers[0].num_operation_heads",
            "hidden size 128 is not divisible by 3 heads");

    [Fact]
    public void A_span_convolution_has_an_even_number_of_heads() =>
        AssertOneLine(Load(b => b.Layer(5)["num_operation_heads"] = 1), "encoder_layers[0].num_operation_heads", "DSC/5");

    [Fact]
    public void Fewer_than_8_architectures_cannot_be_ranked() => AssertOneLine(
        Load(b =>
        {
            while (b.Count > 7)
            {
                b.RemoveAt(0);
            }
        }),
        "7 architectures",
        "at least 8");

    [Fact]
    public void Two_architectures_cannot_share_an_id() => AssertOneLine(Load(b => b[6]!["id"] = 2), "$[6].id: '2' is also the id of $[2]");

    [Fact]
    public void A_missing_truth_is_named() =>
        AssertOneLine(Load(b => b[6]!["scores"]!.AsObject().Remove("glue")), "$[6].scores.glue: is missing");

    [Theory]
    [InlineData("NaN")]
    [InlineData("-Infinity")]
    public void A_truth_that_is_not_finite_is_named_although_JSON_has_no_word_for_it(string literal)
    {
        var text = PublicForm.Create().ToJsonString().Replace("\"glue\":66", $"\"glue\":{literal}", StringComparison.Ordinal);
        AssertOneLine(LoadText(text), $"$[6].scores.glue: is {literal}", "finite");
    }

    [Fact]
    public void A_constant_truth_cannot_be_ranked() => AssertOneLine(
        Load(b =>
        {
            foreach (var training in b)
            {
                training!["scores"]!["glue"] = 70.5;
            }
        }),
        "every truth is 70.5");

    [Fact]
    public void Our_own_format_names_its_version() =>
        AssertOneLine(LoadText("""{"format": "lpzero-benchmark", "version": 3}"""), "$.version", "reads version 1 and 2, not 3");

    [Fact]
    public void An_object_of_another_format_is_refused() =>
        AssertOneLine(LoadText("""{"format": "other"}"""), "$.format: expected \"lpzero-benchmark\"");

    [Theory]
    [InlineData("name", "\u001b[31mred")]
    [InlineData("name", "two\nlines")]
    [InlineData("metric", "loss\u009b2J")]
    [InlineData("name", "turned \u202e round")]
    public void A_text_that_is_printed_holds_no_control_character(string member, string text)
    {
        var error = LoadOwn(own => own[member] = text);
        AssertOneLine(error, $"$.{member}: holds the control character U+");
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Fact]
    public void An_id_holds_no_control_character_in_either_form()
    {
        AssertOneLine(LoadOwn(own => own["architectures"]![2]!["id"] = "a\u0007b"),
            "$.architectures[2].id: holds the control character U+0007 at position 2");
        AssertOneLine(Load(b => b[2]!["id"] = "\u0000"), "$[2].id: holds the control character U+0000");
    }

    [Fact]
    public void An_id_and_a_name_have_at_most_100_characters_and_one()
    {
        AssertOneLine(LoadOwn(own => own["architectures"]![2]!["id"] = new string('x', 101)),
            "$.architectures[2].id: has 101 characters; give at most 100");
        AssertOneLine(LoadOwn(own => own["name"] = ""), "$.name: is empty");
    }

    [Fact]
    public void What_an_error_repeats_of_a_file_reaches_no_terminal_raw()
    {
        // Raw in the file, as JSON allows: the control sequence introducer of eight-bit terminals.
        var text = Own().ToJsonString().Replace("\"SA/SDP\"", "\"SA\u009b2J\"", StringComparison.Ordinal);
        Assert.DoesNotContain(LoadText(text).Message, char.IsControl);
    }

    [Fact]
    public void A_byte_that_is_not_UTF_8_is_located()
    {
        var path = folder.File("latin.json");
        File.WriteAllBytes(path, [.. "{\n  \"name\": \"caf"u8, 0xE9, .. "\"}"u8]);
        AssertOneLine(
            Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load(path)), path, "line 2, position 15", "0xE9 is not UTF-8");
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_located() =>
        AssertOneLine(LoadText("[{}, \n {\"id\": \"\\ud800\"}]"), "line 2, position 9", "half of a surrogate pair");

    [Theory]
    [InlineData("hidden", 2_000_000_000, "a whole number from 1 to 65536")]
    [InlineData("heads", 2048, "a whole number from 1 to 1024")]
    [InlineData("feedForwards", 1_000_000_000, "a whole number from 1 to 100")]
    [InlineData("feedForwardDimension", int.MaxValue, "a whole number from 1 to 262144")]
    [InlineData("vocabulary", int.MaxValue, "a whole number from 2 to 1000000")]
    [InlineData("embedding", int.MaxValue, "a whole number from 1 to 65536")]
    [InlineData("positions", int.MaxValue, "a whole number from 1 to 1000000")]
    public void A_size_beyond_what_can_be_built_is_refused_with_its_bound(string member, int size, string bound) => AssertOneLine(
        LoadOwn(own =>
        {
            var genotype = own["architectures"]![3]!["genotype"]!.AsObject();
            var owner = new[] { genotype, genotype["layers"]![0]!.AsObject(), own["sizes"]!.AsObject() }.Single(o => o.ContainsKey(member));
            owner[member] = size;
        }),
        $".{member}: expected {bound}");

    [Fact]
    public void A_network_has_at_most_1000_layers() => AssertOneLine(
        LoadOwn(own =>
            own["architectures"]![3]!["genotype"]!["layers"] = new JsonArray(
                [.. Enumerable.Repeat(own["architectures"]![3]!["genotype"]!["layers"]![0]!.ToJsonString(), 1001)
                    .Select(layer => JsonNode.Parse(layer))])),
        "$.architectures[3].genotype.layers: layers 1001: give a number from 1 to 1000");

    [Fact]
    public void A_source_without_an_end_is_not_read_whole() =>
        AssertOneLine(Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load("/dev/zero")), "/dev/zero: is larger than 64 MiB");

    private static JsonObject Own() => JsonNode.Parse(new BenchmarkFile(SmallBenchmark.Create()).ToJson())!.AsObject();

    private BenchmarkException LoadOwn(Action<JsonObject> spoil)
    {
        var benchmark = Own();
        spoil(benchmark);
        return LoadText(benchmark.ToJsonString());
    }

    private BenchmarkException Load(Action<JsonArray> spoil)
    {
        var benchmark = PublicForm.Create();
        spoil(benchmark);
        return LoadText(benchmark.ToJsonString());
    }

    private BenchmarkException LoadText(string text) =>
        Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load(folder.Write("benchmark.json", text)));

    private static void AssertOneLine(BenchmarkException error, params string[] parts)
    {
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', error.Message);
    }
}
