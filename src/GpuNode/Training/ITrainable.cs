namespace LPZero.GpuNode.Training;

/// <summary>A network with weights to train and the task that it is trained for.</summary>
internal interface ITrainable
{
    /// <summary>The weights.</summary>
    FlatWeights Weights { get; }

    /// <summary>Draws sequences and what is to be predicted of them.</summary>
    TrainingBatch Draw(ITokenSource source, TokenSplit split, RandomSequence random, int batchSize);

    /// <summary>The logits of what is to be predicted, [wanted, vocabulary].</summary>
    Tensor Predict(TrainingBatch batch);
}
