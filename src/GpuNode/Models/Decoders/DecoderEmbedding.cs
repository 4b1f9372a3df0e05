namespace LPZero.GpuNode.Models.Decoders;

/// <summary>The first hidden states of a decoder: its tokens, from one table or an adaptive embedding, and its positions.</summary>
public static class DecoderEmbedding
{
    /// <summary>Hidden states, [B, T, hidden].</summary>
    /// <param name="weights">What stands around the layers.</param>
    /// <param name="tokens">Token ids below the vocabulary's size, [B, T]; T at most the learned positions, where there are any.</param>
    public static Tensor Forward(DecoderWeights weights, Tensor tokens)
    {
        var shape = weights.Shape;
        var embedded = Rows(weights, tokens.reshape(-1)).reshape(tokens.shape[0], tokens.shape[1], shape.Hidden);
        if (shape.IsEmbeddingScaled)
        {
            embedded = embedded.Over(1 / Math.Sqrt(shape.Hidden));
        }

        return shape.Positions == 0 ? embedded : embedded.Plus(weights["position.weight"].slice(0, 0, tokens.shape[1], 1));
    }

    private static Tensor Rows(DecoderWeights weights, Tensor tokens)
    {
        var embedding = weights.Shape.Embedding;
        if (embedding.Divisor == 1)
        {
            return Widen(weights, 0, tokens);
        }

        // Each cluster at once, then in the order of the tokens again.
        var (parts, places) = (new List<Tensor>(), new List<Tensor>());
        var start = 0;
        foreach (var (cluster, end) in embedding.Ends.Index())
        {
            var inside = Places(tokens, start, end);
            if (inside.numel() > 0)
            {
                places.Add(inside);
                parts.Add(Widen(weights, cluster, Within(tokens, inside, start)));
            }

            start = end;
        }

        return cat(parts, 0).index_select(0, cat(places, 0).argsort());
    }

    /// <summary>Where tokens from start to end, which is left out, stand in a row of tokens.</summary>
    internal static Tensor Places(Tensor tokens, long start, long end) =>
        tokens.ge(tensor(start)).logical_and(tokens.lt(tensor(end))).nonzero().reshape(-1);

    /// <summary>The tokens at those places, counted from a cluster's start.</summary>
    internal static Tensor Within(Tensor tokens, Tensor places, long start) => tokens.index_select(0, places).sub(tensor(start));

    private static Tensor Widen(DecoderWeights weights, int cluster, Tensor rows)
    {
        var narrow = weights[$"token.{cluster}.weight"].index_select(0, rows);
        return weights.Find($"token.{cluster}.projection.weight") is { } projection ? nn.functional.linear(narrow, projection) : narrow;
    }
}
