using System.Text.Json.Nodes;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Tests.Benchmarks;

public sealed class TrainingSpaceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Heads_that_do_not_divide_a_hidden_size_are_refused() =>
        AssertError(s => s["heads"] = new JsonArray(2, 5), "$.heads", "5 heads");

    [Fact]
    public void An_unknown_operation_gets_the_nearest_names() =>
        AssertError(s => s["operations"]!["SA/SPD"] = 1, "$.operations.SA/SPD", "did you mean SA/SDP");

    [Fact]
    public void The_vocabulary_has_room_for_the_mask() =>
        AssertError(s => s["sizes"]!["vocabulary"] = 16, "$.sizes.vocabulary", "16 is too small", "at least 17");

    [Fact]
    public void A_sequence_fits_the_positions() =>
        AssertError(s => s["training"]!["sequenceLength"] = 9, "$.training.sequenceLength", "more than the 8 positions");

    [Fact]
    public void A_share_lies_between_0_and_1() =>
        AssertError(s => s["training"]!["maskedShare"] = 1.5, "$.training.maskedShare", "from 0.01 to 0.99");

    [Fact]
    public void Fewer_samples_than_a_ranking_needs_are_refused() => AssertError(s => s["samples"] = 7, "$.samples", "from 8 to");

    [Fact]
    public void Tokens_and_language_exclude_each_other() =>
        AssertError(s => s["tokens"] = new JsonObject { ["file"] = "t.txt", ["form"] = "ids" }, "$.tokens", "keep one");

    [Fact]
    public void A_missing_token_file_is_named() => AssertError(s => Tokens(s, "ids"), "$.tokens.file", "there is no such token file");

    [Fact]
    public void A_word_that_is_no_token_id_is_located()
    {
        folder.Write("tokens", "1 2 3\n4 five 6\n");
        AssertError(s => Tokens(s, "ids"), "line 2", "'five'");
    }

    [Fact]
    public void A_token_file_is_long_enough_to_hold_out_a_tenth()
    {
        folder.Write("tokens", "1 2 3 4 5 6 7 8 9 10 11 12");
        AssertError(s => Tokens(s, "ids"), "$.tokens.file", "has 12 tokens");
    }

    [Fact]
    public void A_token_id_that_the_vocabulary_lacks_is_refused()
    {
        folder.Write("tokens", string.Join('\n', Enumerable.Range(0, 200)));
        AssertError(s => Tokens(s, "ids"), "$.sizes.vocabulary", "at least 201");
    }

    [Fact]
    public void Bytes_need_256_tokens_and_the_mask()
    {
        folder.Write("tokens", new string('x', 200));
        AssertError(s => Tokens(s, "bytes"), "$.sizes.vocabulary", "at least 257");
    }

    [Theory]
    [InlineData("language", "subjects", "a whole number from 1 to 500000")]
    [InlineData("language", "topics", "a whole number from 1 to 1000")]
    [InlineData("training", "batchSize", "a whole number from 1 to 65536")]
    [InlineData("training", "validationSequences", "a whole number from 1 to 10000000")]
    public void A_number_that_no_machine_trains_is_refused_with_its_bound(string group, string member, string bound) =>
        AssertError(s => s[group]![member] = 2_000_000_000, $"$.{group}.{member}", bound);

    [Fact]
    public void An_architecture_too_large_to_train_is_named_before_anything_is_allocated()
    {
        var json = TinySpace.Create();
        json["hiddenSizes"] = new JsonArray(65536);
        var space = TrainingSpace.Load(folder.Write("space.json", json.ToJsonString()));
        var error = Assert.Throws<BenchmarkException>(() => SpaceSampling.Genotypes(space));
        Assert.Contains("flexibert:65536:", error.Message, StringComparison.Ordinal);
        Assert.Contains("weights are more than 536,870,911", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_too_large_for_the_machine_is_refused_before_anything_is_allocated()
    {
        var json = TinySpace.Create();
        json["sizes"]!["positions"] = 500_000;
        json["training"]!["sequenceLength"] = 500_000;
        json["training"]!["batchSize"] = 8;
        json["training"]!["validationSequences"] = 1;
        var space = TrainingSpace.Load(folder.Write("space.json", json.ToJsonString()));
        Assert.Contains("tokens needs about", Assert.Throws<BenchmarkException>(() => SpaceSampling.Genotypes(space)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_file_can_be_trained_on()
    {
        folder.Write("tokens", string.Join(' ', Enumerable.Range(0, 400).Select(i => i % 13)));
        var json = TinySpace.Create();
        Tokens(json, "ids");
        json["training"]!["steps"] = 2;
        var space = TrainingSpace.Load(folder.Write("space.json", json.ToJsonString()));
        var file = await BenchmarkTraining.RunAsync(space, folder.File("b.json"), 2, progress: null, CancellationToken.None);
        Assert.Equal(64, file.Training!.TokensDigest!.Length);
    }

    [Theory]
    [InlineData("space", "\"gpt3\"", "$.space: no networks of a space 'gpt3' are trained here; did you mean gpt2")]
    [InlineData("heads", "[3]", "$.heads: hidden size 8 is not divisible by 3 heads")]
    [InlineData("embeddings", "[0]", "$.embeddings[0]: expected a whole number from 1 to 65536")]
    public void A_space_of_decoders_that_cannot_be_trained_is_named(string member, string value, string problem)
    {
        var space = TinySpace.Decoders();
        space[member] = JsonNode.Parse(value);
        var error = Assert.Throws<BenchmarkException>(() => TrainingSpace.Load(folder.Write("space.json", space.ToJsonString())));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static void Tokens(JsonObject space, string form)
    {
        space.Remove("language");
        space["tokens"] = new JsonObject { ["file"] = "tokens", ["form"] = form };
    }

    private void AssertError(Action<JsonObject> spoil, params string[] parts)
    {
        var space = TinySpace.Create();
        spoil(space);
        var error = Assert.Throws<BenchmarkException>(() => TrainingSpace.Load(folder.Write("space.json", space.ToJsonString())));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', error.Message);
    }
}
