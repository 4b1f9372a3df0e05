namespace LPZero.GpuNode.Models.Decoders;

/// <summary>
/// The language-model loss of a decoder: cross entropy of the next token, through tied or own tables, in one softmax or in an adaptive one
/// (Grave et al. 2017) as Transformer-XL's code computes it.
/// </summary>
public static class DecoderOutput
{
    /// <summary>The mean over all tokens but each sequence's first of -ln p(token | those before it), a single number.</summary>
    /// <param name="weights">What stands around the layers: embedding, last normalisation, output.</param>
    /// <param name="hidden">The last layer's output, [B, T, hidden]; T at least 2.</param>
    /// <param name="tokens">Token ids, [B, T].</param>
    public static Tensor Loss(DecoderWeights weights, Tensor hidden, Tensor tokens)
    {
        var states = weights.Norm("norm.last", hidden).slice(1, 0, hidden.shape[1] - 1, 1).reshape(-1, hidden.shape[2]);
        var next = tokens.slice(1, 1, tokens.shape[1], 1).reshape(-1);
        var shape = weights.Shape;
        if (shape.Embedding.Ends.Length > 1)
        {
            return Adaptive(weights, states, next);
        }

        return nn.functional.cross_entropy(Logits(weights, states), next);
    }

    /// <summary>Of a decoder whose tokens are one cluster, the logits of all tokens, [n, vocabulary].</summary>
    /// <param name="weights">What stands around the layers.</param>
    /// <param name="states">The last normalisation's output, [n, hidden].</param>
    public static Tensor Logits(DecoderWeights weights, Tensor states) => weights.Shape.IsTied
        ? nn.functional.linear(Narrow(states, weights.Find("token.0.projection.weight")), weights["token.0.weight"])
        : nn.functional.linear(states, weights["output.weight"]);

    private static Tensor Adaptive(DecoderWeights weights, Tensor states, Tensor next)
    {
        var embedding = weights.Shape.Embedding;
        var clusters = embedding.Ends.Length;
        var head = nn.functional.log_softmax(
            nn.functional.linear(
                Narrow(states, weights.Find("output.projection.weight")),
                cat([Table(0), weights["output.cluster.weight"]]),
                cat([Shift(0), weights["output.cluster.bias"]])), -1);
        var frequent = DecoderEmbedding.Places(next, 0, embedding.Ends[0]);
        var loss = Sum(head.index_select(0, frequent), DecoderEmbedding.Within(next, frequent, 0));
        for (var cluster = 1; cluster < clusters; cluster++)
        {
            var (start, end) = (embedding.Ends[cluster - 1], embedding.Ends[cluster]);
            var chosen = DecoderEmbedding.Places(next, start, end);
            if (chosen.numel() == 0)
            {
                continue;
            }

            var projection = weights.Find($"token.{(embedding.Divisor == 1 ? 0 : cluster)}.projection.weight");
            var tail = nn.functional.log_softmax(
                nn.functional.linear(Narrow(states.index_select(0, chosen), projection), Table(cluster), Shift(cluster)), -1);
            // The published code counts the clusters' columns from the last.
            var column = embedding.Ends[0] + clusters - 1 - cluster;
            loss = loss
                .Plus(head.index_select(0, chosen).slice(1, column, column + 1, 1).sum())
                .Plus(Sum(tail, DecoderEmbedding.Within(next, chosen, start)));
        }

        return loss.Over(-next.numel());

        Tensor Table(int cluster) => embedding.Divisor == 1 ? Of(cluster, weights["token.0.weight"]) : weights[$"token.{cluster}.weight"];

        Tensor Shift(int cluster) => Of(cluster, weights["output.bias"]);

        Tensor Of(int cluster, Tensor all) => all.slice(0, cluster == 0 ? 0 : embedding.Ends[cluster - 1], embedding.Ends[cluster], 1);
    }

    /// <summary>The sum over rows of the logarithm in each row's column.</summary>
    private static Tensor Sum(Tensor logarithms, Tensor columns) => logarithms.gather(1, columns.unsqueeze(1)).sum();

    /// <summary>From the hidden size to a table's width; where they are one, nothing.</summary>
    private static Tensor Narrow(Tensor states, Tensor? projection) =>
        projection is null ? states : nn.functional.linear(states, projection.transpose(0, 1));
}
